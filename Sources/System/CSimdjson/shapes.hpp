// The shapes of documents that were read before: what a shop's SDK writes has the same keys in the same order, again and
// again, and only values differ. A document of a shape that is known is read by comparing it with that shape, in one
// pass, instead of looking for its structure; any other document is simdjson's. What is accepted is the same: the text
// between the values is, byte for byte, that of a document which simdjson took for one, and each value is checked.
#pragma once
#include "usher_json.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace usher {

// Where a number ends that begins here (RFC 8259, section 6); nullptr where none does. `end` bounds what is looked at.
const uint8_t *number_end(const uint8_t *at, const uint8_t *end);

template <typename Item> class Room {  // grows, and is never given back
  std::unique_ptr<Item[]> items;
  size_t capacity = 0;

 public:
  Item *get(size_t count) {
    if (count > capacity) {
      items.reset(new (std::nothrow) Item[count * 2]);
      capacity = items ? count * 2 : 0;
    }
    return items.get();
  }
};

class Shapes {
 public:
  // The shape of a document, with the document's nodes in `room`; -1 where no shape is known that it has.
  int32_t read(const uint8_t *text, size_t length, Room<usher_json_node> &room, usher_json_node *&nodes, size_t &count);

  // Learns the shape of a document: its nodes, with what their keys mean, and the text between its values. `fixed` are
  // nodes whose values are part of the shape, in the order of the document. -1 where it cannot be learnt, else its
  // number: one more than that of the last one, or 0 where all others were given up.
  int32_t learn(const uint8_t *text, size_t length, const usher_json_node *nodes, size_t count, const uint32_t *fixed,
                size_t fixed_count);

 private:
  enum Kind : uint8_t { string, number, none };  // what follows a text: a value, or nothing

  struct Step {
    std::unique_ptr<uint8_t[]> text;  // with a block's length behind it
    uint32_t length;
    Kind follows;
    int32_t first_next = -1;  // the steps that may come behind that value, as a chain
    int32_t sibling = -1;
    int32_t shape = -1;       // of the document that ends here
  };

  struct Shape {
    std::unique_ptr<usher_json_node[]> nodes;
    std::unique_ptr<char[]> texts;  // of keys and fixed values
    size_t count;
    std::vector<uint32_t> open;  // the nodes whose values differ, in the order of the document
  };

  // Shapes are given up all together, when there are too many. Their keys stay a while: a document may be looked at.
  struct Generation {
    std::vector<Step> steps;
    std::vector<Shape> shapes;
    int32_t first_step = -1;
    size_t bytes = 0;  // of the steps' texts
  };

  struct Value {
    const uint8_t *start;
    size_t length;
  };

  static constexpr size_t most_shapes = 512, most_steps = 8192, most_bytes = 4 << 20, most_nodes = 256, longest = 16384;
  static constexpr int most_siblings = 24;
  static constexpr uint64_t keeps_for = 100'000;  // documents

  Generation now, former;
  uint64_t reads = 0, began_at = 0;
  Value values[most_nodes];

  int32_t step(int32_t parent, const uint8_t *text, size_t length, Kind follows);
  int32_t &first_behind(int32_t parent);
  bool make_room();
  static void keep(Shape &shape, const usher_json_node *nodes, size_t bytes);
};

}  // namespace usher
