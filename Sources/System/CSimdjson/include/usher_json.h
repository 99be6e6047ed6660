// One JSON document, read into a flat list of nodes that point into the caller's bytes.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { USHER_JSON_NULL, USHER_JSON_FALSE, USHER_JSON_TRUE, USHER_JSON_NUMBER, USHER_JSON_STRING, USHER_JSON_ARRAY, USHER_JSON_OBJECT };

// How many documents are there at a time: one is valid until so many further ones are read.
enum { USHER_JSON_KEPT = 4 };

// What a document is, or why it is none.
enum { USHER_JSON_OK, USHER_JSON_MALFORMED, USHER_JSON_TOO_DEEP, USHER_JSON_NO_MEMORY };

typedef struct {
  const char *key;   // of a member of an object, unescaped; NULL elsewhere
  const char *text;  // of a string, unescaped; of a number, as it was written; else NULL
  uint32_t key_length;
  uint32_t length;   // of text, in bytes
  uint32_t end;      // the index just past the last node inside this one
  uint16_t name;     // for the reader's use: what the key means
  uint8_t kind;
  uint8_t flags;     // for the reader's use
} usher_json_node;

typedef struct usher_json_reader usher_json_reader;

usher_json_reader *usher_json_reader_new(void);
void usher_json_reader_free(usher_json_reader *reader);

// How many bytes after the document's last must be readable (their content does not matter).
size_t usher_json_padding(void);

typedef struct {
  usher_json_node *nodes;  // node 0 is the document; the members of a container follow it
  size_t count;
  int32_t shape;           // the number of its shape, where that was learnt before; else -1
} usher_json_document;

// Reads one document, to its end: every value is checked. The nodes are valid until USHER_JSON_KEPT further calls, and
// point into `text` where nothing was escaped.
int usher_json_read(usher_json_reader *reader, const char *text, size_t length, usher_json_document *document);

// Learns the shape of a document that was just read, with what its nodes say of their keys: further documents of that
// shape come with nodes that say the same, and are read faster. `fixed` are nodes whose values are part of the shape, in
// the order of the document. The shape's number, which is one more than that of the one learnt last, or 0 where all
// former ones are given up; -1 where it cannot be learnt.
int32_t usher_json_learn(usher_json_reader *reader, const char *text, size_t length,
                         const usher_json_document *document, const uint32_t *fixed, size_t fixed_count);

#ifdef __cplusplus
}
#endif
