// What was asked, and what of it broke the rules.
const MOST = 1000;

export class Record {
  // Breaches of the official document or of an RFC: a good Origin causes none.
  refused = [];
  // Negative answers that a good Origin has to live with: an expired token, an offline device, a resource that has gone.
  declined = [];
  // The last requests, with the status that they got.
  requests = [];
  // How many of each kind since the last reset.
  counters = {};
  inFlight = 0;
  mostInFlight = 0;
  certificates = new Set();
  // The most bytes that one endless answer got rid of.
  endlessBytes = 0;

  refuse(request, reason) {
    add(this.refused, `${describe(request)}: ${reason}`);
    console.error(`refused ${this.refused.at(-1)}`);
  }

  decline(request, reason) {
    add(this.declined, `${describe(request)}: ${reason}`);
  }

  count(kind) {
    this.counters[kind] = (this.counters[kind] ?? 0) + 1;
  }

  watch(request, response) {
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    const subject = request.socket.getPeerCertificate?.()?.subject;
    if (subject) this.certificates.add(subject.CN);
    response.once('close', () => {
      this.inFlight--;
      add(this.requests, {
        method: request.method, url: request.url, accept: request.headers.accept ?? null, contentType: request.headers['content-type'] ?? null,
        status: response.headersSent ? response.statusCode : null,
      });
    });
  }

  reset() {
    this.refused.length = this.declined.length = this.requests.length = 0;
    this.counters = {};
    this.mostInFlight = this.inFlight;
    this.endlessBytes = 0;
  }
}

const describe = request => typeof request === 'string' ? request : `${request.method} ${request.url}`;

function add(list, item) {
  list.push(item);
  if (list.length > MOST) list.shift();
}
