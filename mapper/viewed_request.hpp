// A request with the machine as its layer sees it (arch/spec/layer_machine.hpp). Every way into the mapper
// goes through one, so that nothing behind it knows about widths or zeros.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arch/spec/layer_machine.hpp"
#include "mapper/mapper.hpp"

namespace weft {

class ViewedRequest {
 public:
  explicit ViewedRequest(const MapRequest& request)
      : machine_(*request.accelerator, *request.problem), request_(request) {
    request_.accelerator = &*machine_;
  }
  ViewedRequest(const ViewedRequest&) = delete;  // the request points into the machine
  ViewedRequest& operator=(const ViewedRequest&) = delete;
  [[nodiscard]] const MapRequest& operator*() const { return request_; }

 private:
  LayerMachine machine_;
  MapRequest request_;
};

}  // namespace weft
