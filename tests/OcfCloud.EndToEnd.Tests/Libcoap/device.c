/*
 * A light on libcoap: a device whose CoAP stack shares no line with the cloud's. It signs up, signs in, publishes /light, serves it and notifies its observers.
 *
 *   device HOST PORT CERTIFICATE KEY AUTHORITY SID DI TOKEN
 *
 * One line on standard output per event; commands by line on standard input: toggle, ping, leave.
 */
#define _GNU_SOURCE
#include <coap3/coap.h>

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OCF_CBOR 10000
#define OCF_VERSION 2048
#define OPTION_ACCEPT_VERSION 2049
#define OPTION_CONTENT_VERSION 2053

enum step { SIGNING_UP, SIGNING_IN, PUBLISHING, LIVING, LEAVING, GONE };

static enum step step = SIGNING_UP;
static const char *sid, *di;
static char uid[64], access_token[128];
static coap_session_t *session;
static coap_resource_t *light;
static int is_on;

/* CBOR: heads, texts and flat maps are all that is needed. */

struct bytes {
  uint8_t data[1024];
  size_t length;
};

static void put_head(struct bytes *out, int major, size_t value) {
  if (value < 24) {
    out->data[out->length++] = (uint8_t)(major << 5 | value);
  } else if (value < 256) {
    out->data[out->length++] = (uint8_t)(major << 5 | 24);
    out->data[out->length++] = (uint8_t)value;
  } else {
    fprintf(stderr, "too long\n");
    exit(1);
  }
}

static void put_text(struct bytes *out, const char *text) {
  size_t length = strlen(text);
  put_head(out, 3, length);
  memcpy(out->data + out->length, text, length);
  out->length += length;
}

static void put_member(struct bytes *out, const char *key, const char *value) {
  put_text(out, key);
  put_text(out, value);
}

static void put_bool(struct bytes *out, const char *key, int value) {
  put_text(out, key);
  out->data[out->length++] = value ? 0xf5 : 0xf4;
}

static void put_representation(struct bytes *out) {
  put_head(out, 5, 1);
  put_bool(out, "value", is_on);
}

/* Finds what follows a key; keys of the cloud's answers are no part of its values. */
static const uint8_t *find(const uint8_t *data, size_t size, const char *key) {
  struct bytes wanted = {.length = 0};
  put_text(&wanted, key);
  for (size_t i = 0; i + wanted.length < size; i++)
    if (memcmp(data + i, wanted.data, wanted.length) == 0) return data + i + wanted.length;
  return NULL;
}

static void take_text(const uint8_t *data, size_t size, const char *key, char *into, size_t room) {
  const uint8_t *value = find(data, size, key);
  if (value == NULL || value[0] >> 5 != 3) {
    printf("no text: %s\n", key);
    exit(1);
  }
  size_t length = value[0] & 31;
  value++;
  if (length == 24) length = *value++;
  if (length >= room || value + length > data + size) {
    printf("text too long: %s\n", key);
    exit(1);
  }
  memcpy(into, value, length);
  into[length] = 0;
}

/* What the device asks the cloud. */

static void add_number(coap_pdu_t *pdu, coap_option_num_t number, unsigned value) {
  uint8_t buffer[4];
  coap_add_option(pdu, number, coap_encode_var_safe(buffer, sizeof buffer, value), buffer);
}

static void post(const char *const *path, const char *query, const struct bytes *body) {
  coap_pdu_t *pdu = coap_new_pdu(COAP_MESSAGE_CON, COAP_REQUEST_CODE_POST, session);
  uint8_t token[8];
  size_t token_length;
  coap_session_new_token(session, &token_length, token);
  coap_add_token(pdu, token_length, token);
  for (; *path != NULL; path++) coap_add_option(pdu, COAP_OPTION_URI_PATH, strlen(*path), (const uint8_t *)*path);
  add_number(pdu, COAP_OPTION_CONTENT_FORMAT, OCF_CBOR);
  if (query != NULL) coap_add_option(pdu, COAP_OPTION_URI_QUERY, strlen(query), (const uint8_t *)query);
  add_number(pdu, COAP_OPTION_ACCEPT, OCF_CBOR);
  add_number(pdu, OPTION_ACCEPT_VERSION, OCF_VERSION);
  add_number(pdu, OPTION_CONTENT_VERSION, OCF_VERSION);
  coap_add_data(pdu, body->length, body->data);
  coap_send(session, pdu);
}

static void sign_up(const char *one_time_token) {
  struct bytes body = {.length = 0};
  put_head(&body, 5, 3);
  put_member(&body, "di", di);
  put_member(&body, "accesstoken", one_time_token);
  put_member(&body, "devicetype", "device");
  post((const char *const[]){"oic", "sec", "account", NULL}, NULL, &body);
}

static void sign_in(int login) {
  struct bytes body = {.length = 0};
  put_head(&body, 5, 4);
  put_member(&body, "uid", uid);
  put_member(&body, "di", di);
  put_member(&body, "accesstoken", access_token);
  put_bool(&body, "login", login);
  post((const char *const[]){"oic", "sec", "session", NULL}, NULL, &body);
}

static void publish(void) {
  struct bytes body = {.length = 0};
  put_head(&body, 5, 3);
  put_member(&body, "di", di);
  put_text(&body, "links");
  put_head(&body, 4, 1);
  put_head(&body, 5, 4);
  put_member(&body, "href", "/light");
  put_text(&body, "rt");
  put_head(&body, 4, 1);
  put_text(&body, "oic.r.switch.binary");
  put_text(&body, "if");
  put_head(&body, 4, 1);
  put_text(&body, "oic.if.a");
  put_text(&body, "p");
  put_head(&body, 5, 1);
  put_text(&body, "bm");
  put_head(&body, 0, 3);
  put_text(&body, "ttl");
  put_head(&body, 0, 0);
  post((const char *const[]){"oic", "rd", NULL}, "rt=oic.wk.rdpub", &body);
}

static coap_response_t on_response(coap_session_t *s, const coap_pdu_t *sent, const coap_pdu_t *received, const coap_mid_t mid) {
  (void)s, (void)sent, (void)mid;
  const uint8_t *data = NULL;
  size_t size = 0;
  coap_pdu_code_t code = coap_pdu_get_code(received);
  coap_opt_iterator_t iterator;
  coap_opt_t *version = coap_check_option(received, OPTION_CONTENT_VERSION, &iterator);
  coap_get_data(received, &size, &data);
  printf("answer %d.%02d version %u\n", COAP_RESPONSE_CLASS(code), code & 31,
         version ? coap_decode_var_bytes(coap_opt_value(version), coap_opt_length(version)) : 0);
  if (COAP_RESPONSE_CLASS(code) != 2) {
    printf("refused %.*s\n", (int)size, (const char *)data);
    exit(1);
  }
  switch (step) {
  case SIGNING_UP:
    take_text(data, size, "uid", uid, sizeof uid);
    take_text(data, size, "accesstoken", access_token, sizeof access_token);
    printf("signed up %s\n", uid);
    step = SIGNING_IN;
    sign_in(1);
    break;
  case SIGNING_IN:
    printf("signed in %s\n", find(data, size, "expiresin") ? "for a time" : "without a time");
    step = PUBLISHING;
    publish();
    break;
  case PUBLISHING:
    printf("published %s\n", find(data, size, "ins") ? "with a number" : "without a number");
    step = LIVING;
    break;
  case LEAVING:
    printf("signed out\n");
    step = GONE;
    break;
  default:
    printf("an answer to nothing\n");
    exit(1);
  }
  return COAP_RESPONSE_OK;
}

/* What the cloud asks the device. */

static void answer(coap_pdu_t *response, coap_pdu_code_t code) {
  struct bytes body = {.length = 0};
  put_representation(&body);
  coap_pdu_set_code(response, code);
  add_number(response, COAP_OPTION_CONTENT_FORMAT, OCF_CBOR);
  coap_add_data(response, body.length, body.data);
}

static void on_get(coap_resource_t *resource, coap_session_t *s, const coap_pdu_t *request, const coap_string_t *query, coap_pdu_t *response) {
  (void)resource, (void)s, (void)query;
  coap_opt_iterator_t iterator;
  if (coap_check_option(request, COAP_OPTION_OBSERVE, &iterator)) printf("observed\n");
  answer(response, COAP_RESPONSE_CODE_CONTENT);
}

static void on_post(coap_resource_t *resource, coap_session_t *s, const coap_pdu_t *request, const coap_string_t *query, coap_pdu_t *response) {
  (void)s, (void)query;
  const uint8_t *data = NULL;
  size_t size = 0;
  coap_get_data(request, &size, &data);
  const uint8_t *value = find(data, size, "value");
  is_on = value != NULL && *value == 0xf5;
  printf("changed to %s\n", is_on ? "on" : "off");
  answer(response, COAP_RESPONSE_CODE_CHANGED);
  coap_resource_notify_observers(resource, NULL);
}

static void on_pong(coap_session_t *s, const coap_pdu_t *received, const coap_mid_t mid) {
  (void)s, (void)received, (void)mid;
  printf("pong\n");
}

static int on_event(coap_session_t *s, coap_event_t event) {
  (void)s;
  if (event == COAP_EVENT_DTLS_CONNECTED) printf("connected\n");
  if (event == COAP_EVENT_DTLS_ERROR || event == COAP_EVENT_SESSION_FAILED) printf("not connected\n");
  if (event == COAP_EVENT_DTLS_CLOSED || event == COAP_EVENT_TCP_CLOSED || event == COAP_EVENT_SESSION_CLOSED) {
    printf("closed\n");
    step = GONE;
  }
  return 0;
}

/* The subject of the cloud's certificate is its UUID (device-to-cloud.md, 1); the name that libcoap hands in is the certificate's DNS name. */
static int is_cloud(const char *name, const uint8_t *der, size_t size, coap_session_t *s, unsigned depth, int validated, void *arg) {
  (void)name, (void)s, (void)arg;
  char wanted[64];
  snprintf(wanted, sizeof wanted, "uuid:%s", sid);
  return depth > 0 || (validated && memmem(der, size, wanted, strlen(wanted)) != NULL);
}

static void take_command(void) {
  char line[64];
  if (fgets(line, sizeof line, stdin) == NULL || strcmp(line, "leave\n") == 0) {
    step = LEAVING;
    sign_in(0);
  } else if (strcmp(line, "toggle\n") == 0) {
    is_on = !is_on;
    coap_resource_notify_observers(light, NULL);
    printf("toggled\n");
  } else if (strcmp(line, "ping\n") == 0) {
    coap_session_send_ping(session);
  }
}

int main(int argc, char **argv) {
  if (argc != 9) {
    fprintf(stderr, "usage: device HOST PORT CERTIFICATE KEY AUTHORITY SID DI TOKEN\n");
    return 2;
  }
  sid = argv[6];
  di = argv[7];
  setvbuf(stdout, NULL, _IOLBF, 0);
  setvbuf(stdin, NULL, _IONBF, 0);
  coap_startup();
  coap_context_t *context = coap_new_context(NULL);
  /* Critical options that libcoap does not know: it would refuse the messages that carry them. */
  coap_register_option(context, OPTION_ACCEPT_VERSION);
  coap_register_option(context, OPTION_CONTENT_VERSION);
  coap_register_response_handler(context, on_response);
  coap_register_pong_handler(context, on_pong);
  coap_register_event_handler(context, on_event);

  light = coap_resource_init(coap_make_str_const("light"), 0);
  coap_register_handler(light, COAP_REQUEST_GET, on_get);
  coap_register_handler(light, COAP_REQUEST_POST, on_post);
  coap_resource_set_get_observable(light, 1);
  coap_add_resource(context, light);

  coap_address_t cloud;
  coap_address_init(&cloud);
  cloud.addr.sin.sin_family = AF_INET;
  cloud.addr.sin.sin_port = htons((uint16_t)atoi(argv[2]));
  inet_pton(AF_INET, argv[1], &cloud.addr.sin.sin_addr);
  cloud.size = sizeof cloud.addr.sin;

  coap_context_set_pki_root_cas(context, argv[5], NULL);
  coap_dtls_pki_t pki;
  memset(&pki, 0, sizeof pki);
  pki.version = COAP_DTLS_PKI_SETUP_VERSION;
  pki.verify_peer_cert = 1;
  pki.allow_self_signed = 1;
  pki.cert_chain_validation = 1;
  pki.cert_chain_verify_depth = 3;
  pki.validate_cn_call_back = is_cloud;
  pki.pki_key.key_type = COAP_PKI_KEY_PEM;
  pki.pki_key.key.pem.public_cert = argv[3];
  pki.pki_key.key.pem.private_key = argv[4];
  session = coap_new_client_session_pki(context, NULL, &cloud, COAP_PROTO_TLS, &pki);
  if (session == NULL) {
    printf("not connected\n");
    return 1;
  }

  sign_up(argv[8]);
  while (step != GONE) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    if (coap_io_process(context, 50) < 0) break;
    if (step == LIVING && poll(&input, 1, 0) > 0) take_command();
  }
  coap_session_release(session);
  coap_free_context(context);
  coap_cleanup();
  printf("gone\n");
  return 0;
}
