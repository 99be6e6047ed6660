#include "phone.h"

#include <cstring>
#include <string>

#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

size_t usher_phone_e164(const char *text, size_t length, const char region[2], char number[USHER_PHONE_LONGEST]) {
  const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
  PhoneNumber parsed;
  if (util.Parse(std::string(text, length), std::string(region, 2), &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) return 0;
  if (!util.IsValidNumber(parsed)) return 0;
  std::string formatted;
  util.Format(parsed, PhoneNumberUtil::E164, &formatted);
  if (formatted.size() > USHER_PHONE_LONGEST) return 0;
  std::memcpy(number, formatted.data(), formatted.size());
  return formatted.size();
}
