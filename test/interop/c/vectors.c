/*
 * Holds the C client against test/vectors: reads lines of `operation field field ...`, bytes in
 * hexadecimal, and answers each with a line. What to ask and what to expect is the caller's:
 * c-vectors.ts. It sees everything of the client, for it is compiled together with it.
 */

#include "../../../protocol/client-c/usher.c"

enum { LINE_MAX_SIZE = 300000, FIELDS_MAX = 8 };

static uint8_t bytes_of[FIELDS_MAX][LINE_MAX_SIZE / 2];

static int digit_of(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/** The bytes of a field; `-` is none. */
static span take_field(char *text, int slot) {
  size_t size = 0;
  for (; digit_of(text[0]) >= 0 && digit_of(text[1]) >= 0; text += 2)
    bytes_of[slot][size++] = (uint8_t)(digit_of(text[0]) * 16 + digit_of(text[1]));
  return span_of(bytes_of[slot], size);
}

static void print_hex(const uint8_t *bytes, size_t size) {
  size_t i;
  for (i = 0; i < size; i++) printf("%02x", bytes[i]);
}

/** Writes a value again as it was read: one value has one encoding. */
static void copy_value(reader *r, writer *w) {
  const value_head next = take_head(span_of(r->at, (size_t)(r->end - r->at)));
  uint32_t i;
  switch (next.kind) {
    case VALUE_NIL:
      read_nil(r);
      put_nil(w);
      break;
    case VALUE_FLAG: put_flag(w, read_flag(r)); break;
    case VALUE_UINT: put_uint(w, read_uint(r, 0, UINT_MAX32)); break;
    case VALUE_BINARY: {
      const span found = read_binary(r, 0, 0xffff);
      put_binary(w, found.at, found.size);
      break;
    }
    case VALUE_TEXT:
      put_text(w, span_of(r->at + next.size, next.value));
      r->at += next.size + next.value;
      break;
    case VALUE_ARRAY: {
      const uint32_t count = read_array(r, 0, 0xffff);
      put_array(w, count);
      for (i = 0; i < count; i++) copy_value(r, w);
      break;
    }
    case VALUE_OTHER: r->bad = 1;
  }
}

static void run_msgpack(span bytes) {
  static uint8_t out[LINE_MAX_SIZE];
  reader r = read_whole(bytes);
  writer w;
  w.at = out;
  w.end = out + sizeof out;
  w.full = 0;
  if (r.bad) {
    printf("refused\n");
    return;
  }
  copy_value(&r, &w);
  print_hex(out, (size_t)(w.at - out));
  printf("\n");
}

static void run_keys(span secret, span agent_key) {
  uint8_t client_key[32], shared[32], request_key[32], reply_key[32];
  char lease[17];
  int is_sound;
  x25519(client_key, secret.at, NINE);
  x25519(shared, secret.at, agent_key.at);
  is_sound = derive_keys(request_key, reply_key, secret.at, client_key, agent_key.at);
  if (!is_sound) {
    printf("refused\n");
    return;
  }
  lease_to_text(client_key, lease);
  print_hex(client_key, 32), printf(" ");
  print_hex(shared, 32), printf(" ");
  print_hex(request_key, 32), printf(" ");
  print_hex(reply_key, 32), printf(" %s\n", lease);
}

/** secret, key: the shared secret */
static void run_agree(span secret, span key) {
  uint8_t shared[32];
  x25519(shared, secret.at, key.at);
  if (all_zero(shared, sizeof shared)) printf("none");
  else print_hex(shared, sizeof shared);
  printf("\n");
}

/** A seat without sockets, which has learnt of nobody. */
static usher_seat *make_seeker(void) {
  static usher_seat s;
  memset(&s, 0, sizeof s);
  s.v4 = s.v6 = NO_SOCKET;
  return &s;
}

static void print_rumours(const usher_seat *s) {
  char text[USHER_TEXT_SIZE];
  size_t i;
  for (i = 0; i < s->rumour_count; i++) {
    endpoint_to_text(&s->rumours[i], text, sizeof text);
    printf("%s ", text);
  }
  printf("\n");
}

/** What an mDNS response names, by the link 4242; bytes */
static void run_mdns(span bytes) {
  usher_seat *s = make_seeker();
  hear_mdns(s, bytes.at, bytes.size, 4242);
  print_rumours(s);
}

/** What a server of names answers to the question for a domain, as a text; domain, bytes */
static void run_srv(span domain, span bytes) {
  static const uint8_t SERVER[V4_SIZE] = {192, 0, 2, 53};
  usher_seat *s = make_seeker();
  char text[300] = "";
  if (domain.size < sizeof text) memcpy(text, domain.at, domain.size);
  s->servers[s->server_count++] = make_endpoint(SERVER, V4_SIZE, 0, 53);
  add_domain(s, text);
  memset(&s->lookups[0].id, 0, sizeof s->lookups[0].id);
  hear_server(s, bytes.at, bytes.size, &s->servers[0]);
  print_rumours(s);
}

/** A request of the kinds that this client makes, built from its fields; they are kept as C texts. */
static char texts[USHER_FEATURES_MAX + 8][800];

static const char *keep_text(int slot, span text) {
  memcpy(texts[slot], text.at, text.size);
  texts[slot][text.size] = 0;
  return texts[slot];
}

static const char *keep_optional(int slot, reader *r) {
  return read_nil(r) ? NULL : keep_text(slot, read_text(r, 1, NAME_MAX_UNITS));
}

/** Reads a wish into options; 0 for one that this client does not make. */
static int take_wish(reader *r, usher_options *o, holder *h) {
  static const char *features[USHER_FEATURES_MAX];
  uint32_t i;
  memset(o, 0, sizeof *o);
  memset(h, 0, sizeof *h);
  if (read_array(r, 8, 9) != 8) return 0; /* to be borrowed */
  o->product = keep_text(0, read_text(r, 1, NAME_MAX_UNITS));
  o->seat_class = keep_optional(1, r);
  o->resource = keep_optional(2, r);
  o->feature_count = read_array(r, 0, USHER_FEATURES_MAX);
  o->features = features;
  for (i = 0; i < o->feature_count; i++)
    features[i] = keep_text(8 + (int)i, read_text(r, 1, NAME_MAX_UNITS));
  o->weight = read_uint(r, 1, SEATS_MAX);
  o->version = keep_optional(3, r);
  o->released = read_nil(r) ? 0 : read_uint(r, 1, UINT_MAX32);
  if (read_array(r, 4, 5) != 4) return 0; /* of a later minor version */
  memcpy(h->user, keep_text(4, read_text(r, 0, TEXT_MAX)), sizeof h->user);
  memcpy(h->host, keep_text(5, read_text(r, 0, TEXT_MAX)), sizeof h->host);
  h->process = read_uint(r, 0, UINT_MAX32);
  memcpy(h->application, keep_text(6, read_text(r, 0, TEXT_MAX)), sizeof h->application);
  return !r->bad;
}

static int build_from_wish(request *q, reader *r, uint32_t id, uint32_t fields) {
  usher_options o;
  holder h;
  span ticket = span_of(NULL, 0);
  int is_waiting;
  if (!take_wish(r, &o, &h)) return 0;
  is_waiting = read_flag(r);
  if (fields > 4) ticket = read_binary(r, 0, TICKET_MAX);
  return !r->bad && build_acquire(q, id, &o, &h, is_waiting, ticket);
}

static void run_request(span body) {
  static request q;
  reader r = read_padded(body);
  const uint32_t fields = read_array(&r, 2, UINT_MAX32);
  const uint32_t kind = read_uint(&r, 0, UINT_MAX32);
  const uint32_t id = read_uint(&r, 0, UINT_MAX32);
  int is_built = 1;
  if (kind == ASK_ACQUIRE) is_built = build_from_wish(&q, &r, id, fields);
  else if (kind == ASK_RENEW) build_renew(&q, id, read_uint(&r, 0, UINT_MAX32));
  else if (kind == ASK_RELEASE && fields == 2) build_release(&q, id);
  else if (kind == ASK_DOCUMENT) {
    const span hash = read_binary(&r, HASH_SIZE, HASH_SIZE);
    build_document(&q, id, hash.at, read_uint(&r, 0, UINT_MAX32));
  } else is_built = 0;
  if (!is_built) printf("not ours");
  else print_hex(q.body, q.size);
  printf("\n");
}

static void print_reply(const reply *p) {
  static const char *const NAMES[] = {"",      "granted", "renewed",   "released", "piece",
                                      "refused", "new-epoch", "ending", "queued"};
  uint32_t i;
  printf("%s %lu", NAMES[p->kind], (unsigned long)p->id);
  if (p->kind == REPLY_GRANTED) {
    printf(" %lu %d", (unsigned long)p->term, p->overdraft);
    for (i = 0; i < p->part_count; i++) {
      printf(" ");
      print_hex(p->parts[i].document, HASH_SIZE);
      if (p->parts[i].has_pool) printf(":%lu", (unsigned long)p->parts[i].pool);
      else printf(":nil");
      printf(":%lu", (unsigned long)p->parts[i].seats);
    }
  }
  if (p->kind == REPLY_RENEWED) printf(" %lu", (unsigned long)p->term);
  if (p->kind == REPLY_PIECE) {
    printf(" %lu %lu ", (unsigned long)p->total, (unsigned long)p->offset);
    print_hex(p->bytes.at, p->bytes.size);
  }
  if (p->kind == REPLY_REFUSED)
    printf(" %s %lu %lu", usher_code_name(code_of(p->refusal)), (unsigned long)p->in_use,
           (unsigned long)p->seats);
  if (p->kind == REPLY_ENDING)
    printf(" %lu %s", (unsigned long)p->term, usher_code_name(code_of(p->refusal)));
  if (p->kind == REPLY_QUEUED) {
    printf(" %lu %d %lu ", (unsigned long)p->ahead, p->turn, (unsigned long)p->seconds);
    if (p->ticket.at == NULL) printf("nil");
    else print_hex(p->ticket.at, p->ticket.size);
  }
  printf("\n");
}

static void run_reply(span body) {
  reply p;
  if (read_reply(body, &p)) print_reply(&p);
  else printf("refused\n");
}

static void run_open(span datagram, span client_key, span key) {
  reply p;
  if (open_reply(bytes_of[0], datagram.size, client_key.at, key.at, &p)) print_reply(&p);
  else printf("dropped\n");
}

static void run_offer(span datagram) {
  offer f;
  if (!read_offer(datagram, span_of("acme-cad", 8), &f)) {
    printf("dropped\n");
    return;
  }
  print_hex(f.nonce.at, f.nonce.size), printf(" ");
  print_hex(f.key.at, f.key.size), printf(" ");
  print_hex(f.cookie.at, f.cookie.size);
  printf(" %lu %lu %lu\n", (unsigned long)f.oldest, (unsigned long)f.newest,
         (unsigned long)f.free);
}

/** client key, nonce, body, key, and for a hello the cookie */
static void run_seal(const span *fields, int count) {
  static request q;
  uint8_t datagram[DATAGRAM_MAX];
  uint64_t number = 0;
  unsigned i;
  size_t size;
  for (i = 0; i < 8; i++) number = number << 8 | fields[1].at[EPOCH_SIZE + i];
  memcpy(q.body, fields[2].at, fields[2].size);
  q.size = fields[2].size;
  size = build_sealed(datagram, fields[0].at, fields[1].at, number, &q, fields[3].at,
                      count > 4 ? fields[4].at : NULL);
  print_hex(datagram, size);
  printf("\n");
}

static const char *fault_name(fault found) {
  static const char *const NAMES[] = {"read",          "malformed",       "other-kind",
                                      "newer-format",  "bad-signature",   "certificate-use",
                                      "certificate-date"};
  return NAMES[found];
}

static void run_document(const char *kind, span document) {
  static license l;
  static activation a;
  static revocations v;
  static child c;
  origin by;
  span payload;
  fault found;
  if (strcmp(kind, "license") == 0) found = open_license(document, &l);
  else if (strcmp(kind, "activation") == 0) found = open_activation(document, &a);
  else if (strcmp(kind, "revocations") == 0) found = open_revocations(document, &v);
  else if (strcmp(kind, "child") == 0) found = open_child(document, &c);
  else if (strcmp(kind, "certificate") == 0) found = read_certificate(document, &by);
  else found = open_envelope(document, kind, 1, &by, &payload);
  printf("%s\n", fault_name(found));
}

/** A license that is read: its vendor, id and hash. */
static void run_described(span document) {
  static license l;
  if (open_license(document, &l) != FINE) {
    printf("refused\n");
    return;
  }
  print_hex(l.by.vendor, 32), printf(" ");
  print_hex(l.id.at, l.id.size), printf(" ");
  print_hex(l.hash, 32), printf("\n");
}

/** proof, agent key, vendor key, date */
static void run_proof(span bytes, span agent_key, span vendor_key, const char *wall) {
  static shown_proof p;
  question q;
  q.vendor_keys = vendor_key.at;
  q.vendor_key_count = 1;
  q.agent_key = agent_key.at;
  q.wall = (int64_t)strtoll(wall, NULL, 10);
  printf("%s\n", usher_code_name(check_proof(bytes, &q, &p)));
}

static void run_verify(span message, span signature, span key) {
  const int is_genuine = signature.size == 64 && verify(&message, 1, signature.at, key.at);
  printf("%s\n", is_genuine ? "genuine" : "refused");
}

static usher_code believe(span bytes, const question *q, const usher_options *o, const part *p,
                          worth *found) {
  static shown_proof shown;
  uint8_t hash[HASH_SIZE];
  usher_code code;
  hash_of(hash, bytes);
  if (memcmp(hash, p->document, HASH_SIZE) != 0) return USHER_UNTRUSTED_NOT_PROVEN;
  code = check_proof(bytes, q, &shown);
  if (code != USHER_OK) return code;
  if (!text_is(shown.license.product, o->product)) return USHER_UNTRUSTED_OTHER_PRODUCT;
  *found = judge_license(&shown.license, o);
  return check_part(p, found);
}

/** wish, parts, agent key, vendor key, date, and the proof of each part */
static void run_grant(const span *fields, int count, const char *wall) {
  static worth worths[PARTS_MAX];
  const worth *of_part[PARTS_MAX];
  static part parts[PARTS_MAX];
  reader wish = read_whole(fields[0]), list = read_whole(fields[1]);
  usher_options o;
  holder h;
  question q;
  uint32_t i, parts_count;
  usher_code code = USHER_OK;
  if (!take_wish(&wish, &o, &h)) {
    printf("not ours\n");
    return;
  }
  q.vendor_keys = fields[3].at;
  q.vendor_key_count = 1;
  q.agent_key = fields[2].at;
  q.wall = (int64_t)strtoll(wall, NULL, 10);
  parts_count = read_array(&list, 0, PARTS_MAX);
  for (i = 0; i < parts_count && code == USHER_OK; i++) {
    read_part(&list, &parts[i]);
    of_part[i] = &worths[i];
    code = (int)i + 5 < count ? believe(fields[5 + i], &q, &o, &parts[i], &worths[i])
                              : USHER_UNTRUSTED_NOT_PROVEN;
  }
  if (code == USHER_OK) code = check_together(parts, of_part, parts_count, &o);
  printf("%s\n", usher_code_name(code));
}

/** oldest, newest, version, as hexadecimal texts; `-` is none */
static void run_covers(const span *fields) {
  span bounds[3];
  int i;
  for (i = 0; i < 3; i++) bounds[i] = fields[i].size == 0 ? span_of(NULL, 0) : fields[i];
  printf("%s\n", covers_version(bounds[0], bounds[1], bounds[2]) ? "true" : "false");
}

static void run_discover(span nonce, span product) {
  uint8_t datagram[DATAGRAM_MAX];
  build_discover(datagram, nonce.at, product.size == 0 ? span_of(NULL, 0) : product);
  print_hex(datagram, sizeof datagram);
  printf("\n");
}

static void run(const char *operation, char **texts_of, int count) {
  span fields[FIELDS_MAX];
  int i;
  for (i = 0; i < count; i++) fields[i] = take_field(texts_of[i], i);
  if (strcmp(operation, "msgpack") == 0) run_msgpack(fields[0]);
  else if (strcmp(operation, "keys") == 0) run_keys(fields[0], fields[1]);
  else if (strcmp(operation, "agree") == 0) run_agree(fields[0], fields[1]);
  else if (strcmp(operation, "mdns") == 0) run_mdns(fields[0]);
  else if (strcmp(operation, "srv") == 0) run_srv(fields[0], fields[1]);
  else if (strcmp(operation, "verify") == 0) run_verify(fields[0], fields[1], fields[2]);
  else if (strcmp(operation, "request") == 0) run_request(fields[0]);
  else if (strcmp(operation, "reply") == 0) run_reply(fields[0]);
  else if (strcmp(operation, "open") == 0) run_open(fields[0], fields[1], fields[2]);
  else if (strcmp(operation, "offer") == 0) run_offer(fields[0]);
  else if (strcmp(operation, "discover") == 0) run_discover(fields[0], fields[1]);
  else if (strcmp(operation, "described") == 0) run_described(fields[0]);
  else if (strcmp(operation, "seal") == 0) run_seal(fields, count);
  else if (strcmp(operation, "proof") == 0)
    run_proof(fields[0], fields[1], fields[2], texts_of[3]);
  else if (strcmp(operation, "grant") == 0) run_grant(fields, count, texts_of[4]);
  else if (strcmp(operation, "covers") == 0) run_covers(fields);
  else if (strcmp(operation, "code") == 0) {
    const usher_code code = (usher_code)strtol(texts_of[0], NULL, 10);
    printf("%s %s\n", usher_code_name(code), usher_code_text(code));
  } else run_document(operation, fields[0]);
}

int main(void) {
  static char line[LINE_MAX_SIZE];
  while (fgets(line, sizeof line, stdin) != NULL) {
    char *fields[FIELDS_MAX];
    const char *operation = strtok(line, " \n");
    int count = 0;
    while (count < FIELDS_MAX && (fields[count] = strtok(NULL, " \n")) != NULL) count++;
    run(operation == NULL ? "" : operation, fields, count);
  }
  return 0;
}
