// The functions of one digest, which OpenSSL 3 calls deprecated: those that it would have instead look the digest up by
// its name each time.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
// Codes of messages, and Base64.
#include <openssl/evp.h>
#include <openssl/hmac.h>
