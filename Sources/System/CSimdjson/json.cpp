// simdjson behind one function. Its first stage finds where each token begins and checks UTF-8 and quotes; what is here
// walks these places by JSON's grammar (RFC 8259), to the last token, so that a malformed record is known as one.
// simdjson's own second stage makes doubles of numbers; ours leaves them as they were written, since Usher's numbers are
// exact decimals, and strings where they stand, unless something in them is escaped.
#include "shapes.hpp"

#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>

using usher::Room;

namespace {

constexpr int deepest = 64;  // containers within containers; no event is meant to go beyond ten

bool is_space(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

// Eight bytes a step; up to seven bytes behind the end are read, and do not matter.
bool has_backslash(const uint8_t *at, const uint8_t *end) {
  constexpr uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
  for (; at < end; at += 8) {
    uint64_t word;
    memcpy(&word, at, 8);
    word ^= ones * '\\';
    uint64_t zeros = (word - ones) & ~word & highs;
    if (zeros && at + (__builtin_ctzll(zeros) >> 3) < end) return true;
  }
  return false;
}

}  // namespace

struct usher_json_reader {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage1;
  size_t capacity = 0;
  usher::Shapes shapes;
  // The rooms of the last documents, taken in turn: a caller looks at one while it reads the next ones.
  Room<usher_json_node> node_rooms[USHER_JSON_KEPT];
  Room<uint8_t> string_rooms[USHER_JSON_KEPT];
  unsigned turn = 0;

  const uint8_t *text = nullptr;
  const uint32_t *at = nullptr, *end = nullptr;  // the places of the tokens, and the end of them
  usher_json_node *nodes = nullptr, *next_node = nullptr;
  uint8_t *next_string = nullptr;
  bool is_escaped = false;  // whether there is a backslash anywhere

  // Where a token ends that goes up to the next one, white space left out.
  const uint8_t *token_end() const {
    const uint8_t *last = text + at[1];
    while (is_space(last[-1])) last--;
    return last;
  }

  // A node of which the key, the text and the kind are set when they are known.
  inline usher_json_node *add() {
    auto node = next_node++;
    node->end = uint32_t(next_node - nodes);
    return node;
  }

  // What a node is; nobody has said yet what its key means.
  static inline void tell(usher_json_node *node, uint8_t kind) {
    node->kind = kind;
    node->name = 0;
    node->flags = 0;
  }

  static inline void without_text(usher_json_node *node, uint8_t kind) {
    tell(node, kind);
    node->text = nullptr;
    node->length = 0;
  }

  // The text of the string at this token; false where it is none.
  inline bool string(const char *&start, uint32_t &length) {
    const uint8_t *from = text + at[0], *last = text + at[1];
    if (__builtin_expect(last[-1] != '"', 0)) last = token_end();
    if (*from != '"' || last - from < 2 || last[-1] != '"') return false;
    if (__builtin_expect(is_escaped, 0) && has_backslash(from + 1, last - 1)) return unescape(from + 1, start, length);
    start = reinterpret_cast<const char *>(from + 1);
    length = uint32_t(last - from - 2);
    return true;
  }

  bool unescape(const uint8_t *from, const char *&start, uint32_t &length) {
    uint8_t *written = stage1->parse_string(from, next_string);
    if (!written) return false;
    start = reinterpret_cast<const char *>(next_string);
    length = uint32_t(written - next_string);
    next_string = written;  // what was written behind the string is written over by the next one
    return true;
  }

  int value(usher_json_node *node, int depth) {
    switch (text[*at]) {
      case '"':
        tell(node, USHER_JSON_STRING);
        if (!string(node->text, node->length)) return USHER_JSON_MALFORMED;
        break;
      case '{': return object(node, depth);
      case '[': return array(node, depth);
      case 't': if (!atom(node, "true", 4, USHER_JSON_TRUE)) return USHER_JSON_MALFORMED; break;
      case 'f': if (!atom(node, "false", 5, USHER_JSON_FALSE)) return USHER_JSON_MALFORMED; break;
      case 'n': if (!atom(node, "null", 4, USHER_JSON_NULL)) return USHER_JSON_MALFORMED; break;
      default: {
        const uint8_t *from = text + *at, *last = token_end();
        if (usher::number_end(from, last) != last) return USHER_JSON_MALFORMED;
        tell(node, USHER_JSON_NUMBER);
        node->text = reinterpret_cast<const char *>(from);
        node->length = uint32_t(last - from);
      }
    }
    at++;
    return USHER_JSON_OK;
  }

  bool atom(usher_json_node *node, const char *word, size_t length, uint8_t kind) {
    const uint8_t *from = text + *at;
    without_text(node, kind);
    return size_t(token_end() - from) == length && memcmp(from, word, length) == 0;
  }

  int array(usher_json_node *node, int depth) {
    if (depth == deepest) return USHER_JSON_TOO_DEEP;
    without_text(node, USHER_JSON_ARRAY);
    if (++at == end) return USHER_JSON_MALFORMED;
    if (text[*at] == ']') at++;
    else {
      for (;;) {
        auto item = add();
        item->key = nullptr;
        item->key_length = 0;
        if (int wrong = value(item, depth + 1)) return wrong;
        if (at == end) return USHER_JSON_MALFORMED;
        uint8_t byte = text[*at++];
        if (byte == ']') break;
        if (byte != ',' || at == end) return USHER_JSON_MALFORMED;
      }
    }
    node->end = uint32_t(next_node - nodes);
    return USHER_JSON_OK;
  }

  int object(usher_json_node *node, int depth) {
    if (depth == deepest) return USHER_JSON_TOO_DEEP;
    without_text(node, USHER_JSON_OBJECT);
    if (++at == end) return USHER_JSON_MALFORMED;
    if (text[*at] == '}') at++;
    else {
      for (;;) {
        auto member = add();
        if (!string(member->key, member->key_length)) return USHER_JSON_MALFORMED;
        if (++at == end || text[*at] != ':' || ++at == end) return USHER_JSON_MALFORMED;
        if (text[*at] == '"') {  // most values are strings: without a call, and without a guess at what they are
          tell(member, USHER_JSON_STRING);
          if (!string(member->text, member->length)) return USHER_JSON_MALFORMED;
          at++;
        } else if (int wrong = value(member, depth + 1)) {
          return wrong;
        }
        if (at == end) return USHER_JSON_MALFORMED;
        uint8_t byte = text[*at++];
        if (byte == '}') break;
        if (byte != ',' || at == end) return USHER_JSON_MALFORMED;
      }
    }
    node->end = uint32_t(next_node - nodes);
    return USHER_JSON_OK;
  }

  int read(const uint8_t *bytes, size_t length) {
    if (length > capacity) {
      size_t wanted = length < (1u << 16) ? (1u << 16) : length * 2;
      if (simdjson::get_active_implementation()->create_dom_parser_implementation(wanted, deepest, stage1))
        return USHER_JSON_NO_MEMORY;
      capacity = wanted;
    }
    if (!stage1 || stage1->stage1(bytes, length, simdjson::stage1_mode::regular)) return USHER_JSON_MALFORMED;
    // Every node takes at least one token, but for a member whose value never comes. Unescaped strings are not longer
    // than they were; behind the last one a block may be written.
    size_t tokens = stage1->n_structural_indexes;
    next_node = nodes = node_rooms[turn].get(tokens + 1);
    next_string = string_rooms[turn].get(length + simdjson::SIMDJSON_PADDING);
    if (!nodes || !next_string) return USHER_JSON_NO_MEMORY;
    text = bytes;
    is_escaped = memchr(bytes, '\\', length) != nullptr;
    at = stage1->structural_indexes.get();
    end = at + tokens;
    auto document = add();
    document->key = nullptr;
    document->key_length = 0;
    if (int wrong = value(document, 0)) return wrong;
    return at == end ? USHER_JSON_OK : USHER_JSON_MALFORMED;  // something follows
  }
};

extern "C" {

usher_json_reader *usher_json_reader_new(void) { return new (std::nothrow) usher_json_reader(); }

void usher_json_reader_free(usher_json_reader *reader) { delete reader; }

size_t usher_json_padding(void) { return simdjson::SIMDJSON_PADDING; }

int usher_json_read(usher_json_reader *reader, const char *text, size_t length, usher_json_document *document) {
  auto bytes = reinterpret_cast<const uint8_t *>(text);
  reader->turn = (reader->turn + 1) % USHER_JSON_KEPT;
  auto &room = reader->node_rooms[reader->turn];
  document->shape = reader->shapes.read(bytes, length, room, document->nodes, document->count);
  if (document->shape >= 0) return USHER_JSON_OK;
  int status = reader->read(bytes, length);
  document->nodes = reader->nodes;
  document->count = size_t(reader->next_node - reader->nodes);
  return status;
}

int32_t usher_json_learn(usher_json_reader *reader, const char *text, size_t length,
                         const usher_json_document *document, const uint32_t *fixed, size_t fixed_count) {
  auto bytes = reinterpret_cast<const uint8_t *>(text);
  return reader->shapes.learn(bytes, length, document->nodes, document->count, fixed, fixed_count);
}

}
