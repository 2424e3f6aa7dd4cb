// A weight-stationary systolic array: sums[n] = sum over rows k of x[k] * weight[k][n].
//
// A tile is K <= ROWS rows of weights, last row first, marked by w_last, and then M vectors of inputs between x_first
// and x_last; rows from K on get x = 0. Everything that enters is skewed here: row r and column c see it r (c) cycles
// later. Results leave at the bottom, column c one cycle after column c - 1.
//
//   cycle      0 .. K-1            K .. K+M-1             K+r+c                       K+M-1+ROWS+c
//   top left   weights enter       inputs enter           unit (r,c) takes its        column c delivers its
//              (K shifts)          (M vectors)            new weight                  last sum
//                                  next weights enter
//
// The new weight travels with the first input, so shifting the next tile in never disturbs this one: with
// DOUBLE_BUFFERED a tile takes max(M, K of the next) cycles, without it M + K.
//
// Handshakes: a word is taken when valid and ready. A result that is not taken stops the whole array. An array
// that gets no inputs lets bubbles through.
// SPDX-License-Identifier: Apache-2.0
module weight_stationary #(
    parameter int ROWS = 8,
    parameter int COLS = 8,
    parameter int OPERAND_BITS = 8,
    parameter int SUM_BITS = 32,
    parameter bit DOUBLE_BUFFERED = 1'b1
) (
    input logic clk,
    input logic rst,
    input logic w_valid,
    input logic w_last,
    input logic signed [OPERAND_BITS-1:0] w[COLS],
    output logic w_ready,
    input logic x_valid,
    input logic x_first,
    input logic x_last,
    input logic signed [OPERAND_BITS-1:0] x[ROWS],
    output logic x_ready,
    output logic sum_valid[COLS],
    output logic signed [SUM_BITS-1:0] sum[COLS],
    input logic sum_ready
);
  // ---- control ----------------------------------------------------------------------------------------------
  logic enable, any_sum, loaded, w_taken, x_taken;
  always_comb begin
    any_sum = 1'b0;
    for (int c = 0; c < COLS; ++c) any_sum |= sum_valid[c];
  end
  assign enable = !any_sum || sum_ready;
  // `loaded`: a whole tile of weights stands in `next`; inputs that need it may begin.
  if (DOUBLE_BUFFERED) begin : g_overlap
    assign x_ready = enable && (!x_first || loaded);
    assign w_ready = enable && (!loaded || (x_valid && x_first));
  end else begin : g_serial
    assign x_ready = enable && loaded;
    assign w_ready = enable && !loaded;
  end
  assign x_taken = x_valid && x_ready;
  assign w_taken = w_valid && w_ready;
  always_ff @(posedge clk) begin
    if (rst) loaded <= 1'b0;
    else if (w_taken && w_last) loaded <= 1'b1;
    else if (x_taken && (DOUBLE_BUFFERED ? x_first : x_last)) loaded <= 1'b0;
  end

  // ---- the grid: [r][c] is what unit (r,c) gets, row ROWS and column COLS what leaves ----------------------
  logic enters[ROWS];    // a valid input of this row, skewed
  logic xv[ROWS][COLS];  // one that unit (r,c) hands on: registers only, apart from `enters`, as `enable` depends on them
  logic xf[ROWS][COLS+1];
  logic signed [OPERAND_BITS-1:0] xd[ROWS][COLS+1];
  logic sh[ROWS+1][COLS];
  logic signed [OPERAND_BITS-1:0] wd[ROWS+1][COLS];
  logic signed [SUM_BITS-1:0] sd[ROWS+1][COLS];

  for (genvar r = 0; r < ROWS; ++r) begin : g_left
    delay_line #(.BITS(OPERAND_BITS + 2), .DEPTH(r)) skew (
        .clk, .rst, .enable,
        .in ({x_taken, x_taken && x_first, x[r]}),
        .out({enters[r], xf[r][0], xd[r][0]})
    );
  end
  for (genvar c = 0; c < COLS; ++c) begin : g_top
    delay_line #(.BITS(OPERAND_BITS + 1), .DEPTH(c)) skew (
        .clk, .rst, .enable,
        .in ({w_taken, w[c]}),
        .out({sh[0][c], wd[0][c]})
    );
    assign sd[0][c] = '0;
    assign sum[c] = sd[ROWS][c];
    assign sum_valid[c] = xv[ROWS-1][c];
  end
  for (genvar r = 0; r < ROWS; ++r) begin : g_row
    for (genvar c = 0; c < COLS; ++c) begin : g_col
      logic valid;
      if (c == 0) begin : g_edge
        assign valid = enters[r];
      end else begin : g_inside
        assign valid = xv[r][c-1];
      end
      weight_stationary_pe #(
          .OPERAND_BITS(OPERAND_BITS), .SUM_BITS(SUM_BITS), .DOUBLE_BUFFERED(DOUBLE_BUFFERED)
      ) pe (
          .clk, .rst, .enable,
          .x_valid_in(valid), .x_first_in(xf[r][c]), .x_in(xd[r][c]),
          .x_valid_out(xv[r][c]), .x_first_out(xf[r][c+1]), .x_out(xd[r][c+1]),
          .shift_in(sh[r][c]), .w_in(wd[r][c]), .shift_out(sh[r+1][c]), .w_out(wd[r+1][c]),
          .sum_in(sd[r][c]), .sum_out(sd[r+1][c])
      );
    end
  end

  // What leaves the grid on the right and, of the weights, at the bottom has no receiver.
  logic unused;
  always_comb begin
    unused = 1'b0;
    for (int r = 0; r < ROWS; ++r) unused ^= (^xd[r][COLS]) ^ xf[r][COLS];
    for (int c = 0; c < COLS; ++c) unused ^= (^wd[ROWS][c]) ^ sh[ROWS][c];
    unused &= 1'b0;
  end
endmodule
