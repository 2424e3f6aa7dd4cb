// One unit of a weight-stationary array. Inputs go right and sums go down, one register each; weights are
// shifted down through `next` while `weight` is in use. The first input of a tile takes the new weight along:
// it multiplies `next` and makes it the weight of those that follow.
// SPDX-License-Identifier: Apache-2.0
module weight_stationary_pe #(
    parameter int OPERAND_BITS = 8,
    parameter int SUM_BITS = 32,
    parameter bit DOUBLE_BUFFERED = 1'b1
) (
    input logic clk,
    input logic rst,
    input logic enable,
    // From the left, handed to the right.
    input logic x_valid_in,
    input logic x_first_in,
    input logic signed [OPERAND_BITS-1:0] x_in,
    output logic x_valid_out,
    output logic x_first_out,
    output logic signed [OPERAND_BITS-1:0] x_out,
    // From above, handed down.
    input logic shift_in,
    input logic signed [OPERAND_BITS-1:0] w_in,
    output logic shift_out,
    output logic signed [OPERAND_BITS-1:0] w_out,
    input logic signed [SUM_BITS-1:0] sum_in,
    output logic signed [SUM_BITS-1:0] sum_out
);
  // One function for all units instead of a copy of each: Verilator's output compiles in a fifth of the time.
  /* verilator no_inline_module */
  logic signed [OPERAND_BITS-1:0] next, in_use;

  if (DOUBLE_BUFFERED) begin : g_two_weights
    logic signed [OPERAND_BITS-1:0] weight;
    assign in_use = x_first_in ? next : weight;
    always_ff @(posedge clk) begin
      if (rst) weight <= '0;
      else if (enable && x_valid_in) weight <= in_use;
    end
  end else begin : g_one_weight
    assign in_use = next;
  end

  always_ff @(posedge clk) begin
    if (rst) begin
      x_valid_out <= 1'b0;
      x_first_out <= 1'b0;
      x_out <= '0;
      shift_out <= 1'b0;
      w_out <= '0;
      next <= '0;
      sum_out <= '0;
    end else if (enable) begin
      x_valid_out <= x_valid_in;
      x_first_out <= x_first_in;
      x_out <= x_in;
      // The row below shifts one cycle later and takes what stood here before.
      shift_out <= shift_in;
      w_out <= next;
      if (shift_in) next <= w_in;
      sum_out <= sum_in + SUM_BITS'(x_in) * SUM_BITS'(in_use);
    end
  end
endmodule
