// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/timing.hpp"

namespace weft {

std::string_view name_of(Layout layout) {
  switch (layout) {
    case Layout::kChannelsFirst:
      return "channels-first";
    case Layout::kChannelsLast:
      return "channels-last";
  }
  return "";
}

std::string_view name_of(BankPorts ports) {
  return ports == BankPorts::kOne ? "one" : "two";
}

std::string_view name_of(LinkKind kind) {
  return kind == LinkKind::kBus ? "bus" : "mesh";
}

std::string_view name_of(Fetch fetch) {
  switch (fetch) {
    case Fetch::kChanges:
      return "changes";
    case Fetch::kTiles:
      return "tiles";
    case Fetch::kBoxes:
      return "boxes";
  }
  return "";
}

}  // namespace weft
