#include "shapes.hpp"

#include <cstring>
#include <new>
#include <simdjson.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace usher {

namespace {

// Some bytes looked at together. Whoever loads one may read up to `bytes` behind what it wants.
#if defined(__SSE2__)
struct Block {
  static constexpr size_t bytes = 16;
  __m128i value;

  explicit Block(const uint8_t *at) : value(_mm_loadu_si128(reinterpret_cast<const __m128i *>(at))) {}

  // A bit for each byte that differs from the other's, the first byte's lowest.
  uint32_t difference(Block other) const {
    return ~uint32_t(_mm_movemask_epi8(_mm_cmpeq_epi8(value, other.value))) & 0xFFFF;
  }

  // A bit for each byte that may not stand in a string as it is: a quote, a backslash, a control character.
  uint32_t special() const {
    __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(0x1F)), value);
    __m128i quote = _mm_cmpeq_epi8(value, _mm_set1_epi8('"')), backslash = _mm_cmpeq_epi8(value, _mm_set1_epi8('\\'));
    return uint32_t(_mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, backslash))));
  }

  // Not zero where a byte is not ASCII.
  uint32_t beyond_ascii() const { return uint32_t(_mm_movemask_epi8(value)); }
};
#else
struct Block {
  static constexpr size_t bytes = 1;
  uint8_t value;

  explicit Block(const uint8_t *at) : value(*at) {}
  uint32_t difference(Block other) const { return value != other.value; }
  uint32_t special() const { return value < 0x20 || value == '"' || value == '\\'; }
  uint32_t beyond_ascii() const { return value & 0x80; }
};
#endif

static_assert(Block::bytes <= simdjson::SIMDJSON_PADDING, "a block would be read behind the room that callers leave");

// Whether two texts are equal that both have a block's length behind them.
inline bool equal(const uint8_t *a, const uint8_t *b, size_t length) {
  size_t at = 0;
  for (; at + Block::bytes < length; at += Block::bytes)
    if (Block(a + at).difference(Block(b + at))) return false;
  return (Block(a + at).difference(Block(b + at)) & ((2u << (length - at - 1)) - 1)) == 0;
}

// Where a string ends whose content begins here; nullptr where it is for simdjson to say.
inline const uint8_t *string_end(const uint8_t *at, const uint8_t *end, uint32_t &beyond_ascii) {
  for (; at < end; at += Block::bytes) {
    Block block(at);
    beyond_ascii |= block.beyond_ascii();
    if (uint32_t special = block.special()) {
      at += __builtin_ctz(special);
      return at < end && *at == '"' ? at : nullptr;
    }
  }
  return nullptr;
}

}  // namespace

const uint8_t *number_end(const uint8_t *at, const uint8_t *end) {
  auto digits = [&] {
    const uint8_t *from = at;
    while (at < end && uint8_t(*at - '0') < 10) at++;
    return at - from;
  };
  if (at < end && *at == '-') at++;
  const uint8_t *first = at;
  auto whole = digits();
  if (whole == 0 || (whole > 1 && *first == '0')) return nullptr;
  if (at < end && *at == '.') {
    at++;
    if (digits() == 0) return nullptr;
  }
  if (at < end && (*at == 'e' || *at == 'E')) {
    at++;
    if (at < end && (*at == '+' || *at == '-')) at++;
    if (digits() == 0) return nullptr;
  }
  return at;
}

int32_t Shapes::read(const uint8_t *text, size_t length, Room<usher_json_node> &room, usher_json_node *&nodes,
                     size_t &count) {
  reads++;
  const uint8_t *at = text, *end = text + length;
  const Step *steps = now.steps.data();
  Value *value = values;
  uint32_t beyond_ascii = 0;
  int32_t next = now.first_step;
  while (next >= 0) {
    const Step &step = steps[next];
    next = step.sibling;
    size_t left = size_t(end - at);
    if (step.length > left || (step.follows == none && step.length != left)) continue;
    if (!equal(at, step.text.get(), step.length)) continue;
    const uint8_t *from = at + step.length, *to;
    switch (step.follows) {
      case string: to = string_end(from, end, beyond_ascii); break;
      case number: to = number_end(from, end); break;
      default: {
        // The text of the shape was valid; what stands in strings may be anything.
        if (beyond_ascii && !simdjson::validate_utf8(reinterpret_cast<const char *>(text), length)) return -1;
        const Shape &shape = now.shapes[size_t(step.shape)];
        count = shape.count;
        nodes = room.get(count);
        if (!nodes) return -1;
        memcpy(nodes, shape.nodes.get(), count * sizeof(usher_json_node));
        value = values;
        for (uint32_t node : shape.open) {
          nodes[node].text = reinterpret_cast<const char *>(value->start);
          nodes[node].length = uint32_t(value->length);
          value++;
        }
        return step.shape;
      }
    }
    if (!to) continue;
    *value++ = {from, size_t(to - from)};  // no document that was learnt has more than there is room for
    at = to;
    next = step.first_next;
  }
  return -1;
}

// The step behind `parent` that has this text and what follows it; a new one where there is none yet. -1 where there are
// too many to look through.
int32_t Shapes::step(int32_t parent, const uint8_t *text, size_t length, Kind follows) {
  if (length == 0) return -1;
  int32_t last = -1;
  int siblings = 0;
  for (int32_t at = first_behind(parent); at >= 0; at = now.steps[size_t(at)].sibling) {
    const Step &step = now.steps[size_t(at)];
    if (step.follows == follows && step.length == length && !memcmp(step.text.get(), text, length)) return at;
    last = at;
    siblings++;
  }
  if (siblings == most_siblings) return -1;
  Step made;
  made.text.reset(new uint8_t[length + Block::bytes]());
  memcpy(made.text.get(), text, length);
  made.length = uint32_t(length);
  made.follows = follows;
  now.bytes += length;
  auto number = int32_t(now.steps.size());
  now.steps.push_back(std::move(made));
  (last < 0 ? first_behind(parent) : now.steps[size_t(last)].sibling) = number;
  return number;
}

int32_t &Shapes::first_behind(int32_t parent) {
  return parent < 0 ? now.first_step : now.steps[size_t(parent)].first_next;
}

// Gives all shapes up where there are too many, unless that was done a short while ago.
bool Shapes::make_room() {
  if (now.shapes.size() < most_shapes && now.steps.size() < most_steps && now.bytes < most_bytes) return true;
  if (reads - began_at < keeps_for) return false;
  former = std::move(now);
  now = Generation();
  began_at = reads;
  return true;
}

int32_t Shapes::learn(const uint8_t *text, size_t length, const usher_json_node *nodes, size_t count,
                      const uint32_t *fixed, size_t fixed_count) {
  if (length > longest || count > most_nodes || !make_room()) return -1;
  Shape shape;
  shape.count = count;
  const uint8_t *from = text;
  size_t kept = 0;
  int32_t last = -1;
  for (uint32_t node = 0; node < count; node++) {
    kept += nodes[node].key_length;
    bool is_string = nodes[node].kind == USHER_JSON_STRING;
    if (!is_string && nodes[node].kind != USHER_JSON_NUMBER) continue;
    if (fixed_count > 0 && *fixed == node) {
      fixed++;
      fixed_count--;
      kept += nodes[node].length;
      continue;
    }
    auto value = reinterpret_cast<const uint8_t *>(nodes[node].text);
    if (value < from || value > text + length) return -1;  // it was escaped, and stands elsewhere
    last = step(last, from, size_t(value - from), is_string ? string : number);
    if (last < 0) return -1;
    from = value + nodes[node].length;
    shape.open.push_back(node);
  }
  last = step(last, from, size_t(text + length - from), none);
  if (last < 0 || now.steps[size_t(last)].shape >= 0) return -1;
  keep(shape, nodes, kept);
  now.steps[size_t(last)].shape = int32_t(now.shapes.size());
  now.shapes.push_back(std::move(shape));
  return now.steps[size_t(last)].shape;
}

// Copies a document's nodes, and what they say that is part of the shape: `bytes` of keys and of fixed values.
void Shapes::keep(Shape &shape, const usher_json_node *nodes, size_t bytes) {
  shape.nodes.reset(new usher_json_node[shape.count]);
  shape.texts.reset(new char[bytes + simdjson::SIMDJSON_PADDING]());
  char *free = shape.texts.get();
  auto copy = [&](const char *&text, size_t length) {
    memcpy(free, text, length);
    text = free;
    free += length;
  };
  size_t opened = 0;
  for (uint32_t node = 0; node < shape.count; node++) {
    usher_json_node &mine = shape.nodes[node] = nodes[node];
    if (mine.key) copy(mine.key, mine.key_length);
    if (opened < shape.open.size() && shape.open[opened] == node) opened++;
    else if (mine.text) copy(mine.text, mine.length);
  }
}

}  // namespace usher
