/*
 * libFuzzer's entry to the C client: whatever a network can bring to it, as it comes and as if it had
 * been sealed, and whatever a proof can hold, as if it had been signed. The first byte says which.
 *
 *   clang -fsanitize=fuzzer,address,undefined fuzz.c -o fuzz && ./fuzz -max_total_time=20
 */

#include "../../../protocol/client-c/usher.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void listen_to_nothing(void *context, usher_news news, usher_code code, uint32_t value) {
  (void)context;
  (void)news;
  (void)code;
  (void)value;
}

/** A seat that is held, without sockets: what it says goes nowhere. */
static usher_seat *make_seat(void) {
  static usher_seat s;
  memset(&s, 0, sizeof s);
  s.v4 = s.v6 = NO_SOCKET;
  s.chance = 1;
  s.listener = listen_to_nothing;
  memcpy(s.product, "acme-cad", 9);
  s.held.has_keys = s.held.is_sound = 1;
  s.until = clock_ms() + 600000;
  s.due = s.until;
  s.term = 600;
  s.pending_count = 1;
  s.pending[0].id = 1;
  s.unanswered = 1;
  s.from.address.ss_family = AF_INET;
  s.held.at.address.ss_family = AF_INET;
  return &s;
}

static void hear_datagram(const uint8_t *data, size_t size) {
  usher_seat *s = make_seat();
  if (size > sizeof s->datagram) size = sizeof s->datagram;
  memcpy(s->datagram, data, size);
  note_offer(s, size, &s->from);
  hear_held(s, size);
}

/** What links and servers of names say; the first byte says which. */
static void hear_names(const uint8_t *data, size_t size) {
  static const uint8_t SERVER[V4_SIZE] = {192, 0, 2, 53}, OWN[V4_SIZE] = {198, 51, 100, 7},
                       MASK[V4_SIZE] = {255, 255, 255, 0};
  usher_seat *s = make_seat();
  if (size == 0 || size > DNS_MAX) return;
  add_network(s, OWN, V4_SIZE, MASK, 1);
  if (data[0] % 2 == 0) {
    hear_mdns(s, data + 1, size - 1, data[0] & 2);
    return;
  }
  s->servers[s->server_count++] = make_endpoint(SERVER, V4_SIZE, 0, 53);
  add_domain(s, "site.example");
  memset(&s->lookups[0].id, 0, sizeof s->lookups[0].id);
  /* Without a port it is a question for an address. */
  if ((data[0] & 2) != 0) s->lookups[0].type = DNS_A;
  /* No server may be asked again by it. */
  s->ear_count = EARS_MAX;
  hear_server(s, data + 1, size - 1, &s->servers[0]);
}

/** The same as a reply that the agent has sealed: with its epoch, its number and its body. */
static void hear_sealed(const uint8_t *data, size_t size) {
  usher_seat *s = make_seat();
  const size_t most = DATAGRAM_MAX - REPLY_HEAD - SEAL_OVERHEAD;
  uint8_t nonce[24] = {0};
  if (size > most) size = most;
  write_header(s->datagram, MAJOR, FRAME_REPLY);
  memset(s->datagram + HEADER_SIZE, 0, REPLY_HEAD - HEADER_SIZE);
  s->datagram[REPLY_HEAD - 1] = 1;
  memcpy(nonce, s->datagram + HEADER_SIZE + TAG_SIZE, NONCE_SIZE);
  memcpy(s->datagram + REPLY_HEAD + SEAL_OVERHEAD, data, size);
  seal(s->datagram + REPLY_HEAD, s->datagram + REPLY_HEAD + SEAL_OVERHEAD, size, nonce,
       s->held.reply_key);
  hear_held(s, REPLY_HEAD + SEAL_OVERHEAD + size);
}

static void read_payloads(span payload) {
  static license l;
  static activation a;
  static revocations v;
  static child c;
  usher_options o;
  memset(&l, 0, sizeof l);
  memset(&a, 0, sizeof a);
  memset(&v, 0, sizeof v);
  memset(&c, 0, sizeof c);
  memset(&o, 0, sizeof o);
  o.product = "acme-cad";
  o.version = "12.3";
  o.resource = "Orders";
  if (read_license_payload(payload, 1, &l)) (void)judge_license(&l, &o);
  memset(&l, 0, sizeof l);
  if (read_license_payload(payload, 2, &l)) (void)judge_license(&l, &o);
  if (read_child_payload(payload, &c)) (void)derive_license(&l, &c);
  (void)read_activation_payload(payload, &a);
  (void)read_revocations_payload(payload, &v);
}

static void read_proof(span bytes) {
  static shown_proof p;
  static const uint8_t key[KEY_SIZE];
  question q;
  q.vendor_keys = key;
  q.vendor_key_count = 1;
  q.agent_key = key;
  q.wall = 1767571200;
  (void)check_proof(bytes, &q, &p);
}

static void read_words(const uint8_t *data, size_t size) {
  char text[512];
  unsigned char key[USHER_KEY_SIZE];
  app_version found;
  if (size >= sizeof text) size = sizeof text - 1;
  memcpy(text, data, size);
  text[size] = 0;
  (void)usher_vendor_key(text, key);
  (void)read_version(text_of(text), &found);
  (void)has_word(text, "eth0");
  {
    dns_name name;
    (void)make_service_name(&name, text);
  }
  {
    char out[64];
    copy_plain(out, sizeof out, text);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  switch (data[0] % 6) {
    case 0: hear_datagram(data + 1, size - 1); break;
    case 1: hear_sealed(data + 1, size - 1); break;
    case 2: read_payloads(span_of(data + 1, size - 1)); break;
    case 3: read_proof(span_of(data + 1, size - 1)); break;
    case 4: hear_names(data + 1, size - 1); break;
    default: read_words(data + 1, size - 1);
  }
  return 0;
}
