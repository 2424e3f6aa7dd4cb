// A build without MPI.
// SPDX-License-Identifier: Apache-2.0
#include "dse/ranks.hpp"

namespace weft {

std::unique_ptr<Ranks> join_ranks() {
  throw ConfigError(
      {}, "bad-usage", "this program was built without MPI",
      "install an MPI and configure again with WEFT_MPI=ON, or start several processes with --shard");
}

}  // namespace weft
