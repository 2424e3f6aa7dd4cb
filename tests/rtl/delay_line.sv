// Delays a word by DEPTH enabled cycles: the triangle of registers that skews what enters an array.
// SPDX-License-Identifier: Apache-2.0
module delay_line #(
    parameter int BITS = 8,
    parameter int DEPTH = 1
) (
    input logic clk,
    input logic rst,
    input logic enable,
    input logic [BITS-1:0] in,
    output logic [BITS-1:0] out
);
  if (DEPTH == 0) begin : g_wire
    assign out = in;
    logic unused;
    assign unused = &{1'b0, clk, rst, enable};
  end else begin : g_registers
    logic [BITS-1:0] stage[DEPTH];
    always_ff @(posedge clk) begin
      if (rst) begin
        for (int i = 0; i < DEPTH; ++i) stage[i] <= '0;
      end else if (enable) begin
        stage[0] <= in;
        for (int i = 1; i < DEPTH; ++i) stage[i] <= stage[i-1];
      end
    end
    assign out = stage[DEPTH-1];
  end
endmodule
