// One unit of an output-stationary array. Inputs go right and weights go down, one register each; the sum
// stays until the last product of its tile, then it moves to `result`, which is shifted down out of the array
// while the next sum grows.
// SPDX-License-Identifier: Apache-2.0
module output_stationary_pe #(
    parameter int OPERAND_BITS = 8,
    parameter int SUM_BITS = 32
) (
    input logic clk,
    input logic rst,
    input logic enable,
    // From the left, handed to the right.
    input logic valid_in,
    input logic first_in,
    input logic last_in,
    input logic signed [OPERAND_BITS-1:0] x_in,
    output logic valid_out,
    output logic first_out,
    output logic last_out,
    output logic signed [OPERAND_BITS-1:0] x_out,
    // From above, handed down.
    input logic signed [OPERAND_BITS-1:0] w_in,
    output logic signed [OPERAND_BITS-1:0] w_out,
    input logic drain,
    input logic signed [SUM_BITS-1:0] result_in,
    output logic signed [SUM_BITS-1:0] result_out
);
  // One function for all units instead of a copy of each: Verilator's output compiles in a fifth of the time.
  /* verilator no_inline_module */
  logic signed [SUM_BITS-1:0] sum, grown;
  assign grown = (first_in ? '0 : sum) + SUM_BITS'(x_in) * SUM_BITS'(w_in);

  always_ff @(posedge clk) begin
    if (rst) begin
      valid_out <= 1'b0;
      first_out <= 1'b0;
      last_out <= 1'b0;
      x_out <= '0;
      w_out <= '0;
      sum <= '0;
      result_out <= '0;
    end else if (enable) begin
      valid_out <= valid_in;
      first_out <= first_in;
      last_out <= last_in;
      x_out <= x_in;
      w_out <= w_in;
      if (valid_in) sum <= grown;
      // The control of the array never asks for both.
      if (valid_in && last_in) result_out <= grown;
      else if (drain) result_out <= result_in;
    end
  end
endmodule
