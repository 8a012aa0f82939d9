// What a user's browser does: keeps cookies, follows redirects on the cloud's host, fills forms.
export class Browser {
  #cookies = new Map();

  async #send(url, init = {}) {
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      this.#cookies.set(name, value);
    }
    return answer;
  }

  // Gives the page's HTML, or where another host's redirect leads.
  async #follow(url, init) {
    let answer = await this.#send(url, init);
    while (answer.headers.has('location')) {
      const next = new URL(answer.headers.get('location'), url);
      if (next.origin !== new URL(url).origin) return { callback: next };
      url = next;
      answer = await this.#send(url);
    }
    return { url, html: await answer.text() };
  }

  open(url) {
    return this.#follow(url);
  }

  submit(page, action, fields) {
    const form = [...page.html.matchAll(/<form[^>]* action="([^"]*)".*?<\/form>/gs)].find(match => match[1] === action);
    if (!form) throw new Error(`No form leads to ${action}:\n${page.html}`);
    const body = new URLSearchParams();
    for (const [, name, value] of form[0].matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)) body.append(decode(name), decode(value));
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return this.#follow(new URL(action, page.url), { method: 'POST', body });
  }
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"' };

const decode = text => text
  .replace(/&#x([0-9a-fA-F]+);/g, (_, code) => String.fromCodePoint(parseInt(code, 16)))
  .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
  .replace(/&(amp|lt|gt|quot);/g, (_, name) => entities[name]);
