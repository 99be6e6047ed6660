// Phone numbers as people write them, by libphonenumber.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// The longest E.164 number, with its plus.
enum { USHER_PHONE_LONGEST = 16 };

// Writes the number as E.164 ("+14155550132"): how many bytes it has, or 0 where the text is no valid number. `region` is
// the ISO 3166 code of two capital letters of the country in which it is dialled, or "ZZ": then only what begins with
// a plus and a country's code is a number.
size_t usher_phone_e164(const char *text, size_t length, const char region[2], char number[USHER_PHONE_LONGEST]);

#ifdef __cplusplus
}
#endif
