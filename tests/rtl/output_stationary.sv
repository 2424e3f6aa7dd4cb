// An output-stationary systolic array: sum[m][n] = sum over slices k of x[m][k] * w[k][n].
//
// A tile is K slices between `first` and `last`; a slice is one input per row and one weight per column. Everything that
// enters is skewed here: row r and column c see it r (c) cycles later. A tile of M < ROWS rows uses the bottom M rows
// (`rows` = M), next to where the results leave.
//
//   cycle      0 .. K-1          K-1+r+c                 K-1+ROWS+c .. K-1+ROWS+c+M-1
//   top left   slices enter      unit (r,c) adds its     column c delivers its M results,
//              (next tile: K..)  last product            bottom row first
//
// The results of a tile leave while the next one is computed: a tile takes max(K, M of the one before) cycles; its last
// slice waits until the results before it have made room.
//
// Handshakes: a slice is taken when valid and ready. A result that is not taken stops the whole array. An array that
// gets no slices lets bubbles through.
// SPDX-License-Identifier: Apache-2.0
module output_stationary #(
    parameter int ROWS = 8,
    parameter int COLS = 8,
    parameter int OPERAND_BITS = 8,
    parameter int SUM_BITS = 32
) (
    input logic clk,
    input logic rst,
    input logic valid,
    input logic first,
    input logic last,
    input logic [7:0] rows,
    input logic signed [OPERAND_BITS-1:0] x[ROWS],
    input logic signed [OPERAND_BITS-1:0] w[COLS],
    output logic ready,
    output logic sum_valid[COLS],
    output logic signed [SUM_BITS-1:0] sum[COLS],
    input logic sum_ready
);
  // ---- control ----------------------------------------------------------------------------------------------
  logic enable, any_sum, taken;
  logic [7:0] room_in;  // cycles until a last slice may enter
  always_comb begin
    any_sum = 1'b0;
    for (int c = 0; c < COLS; ++c) any_sum |= sum_valid[c];
  end
  assign enable = !any_sum || sum_ready;
  assign ready = enable && (!last || room_in == '0);
  assign taken = valid && ready;
  always_ff @(posedge clk) begin
    if (rst) room_in <= '0;
    else if (taken && last) room_in <= rows - 8'd1;
    else if (enable && room_in != '0) room_in <= room_in - 8'd1;
  end

  // Draining begins in column 0 when the bottom row is done, ROWS cycles after the last slice; `gone` counts the
  // results that have left.
  logic start;
  logic [7:0] start_rows;
  delay_line #(.BITS(9), .DEPTH(ROWS)) until_bottom (
      .clk, .rst, .enable, .in({taken && last, rows}), .out({start, start_rows})
  );
  logic going;
  logic [7:0] gone, going_rows;
  always_ff @(posedge clk) begin
    if (rst) begin
      going <= 1'b0;
      gone <= '0;
      going_rows <= '0;
    end else if (enable) begin
      if (start) begin
        going <= start_rows != 8'd1;
        gone <= 8'd1;
        going_rows <= start_rows;
      end else if (going) begin
        going <= gone + 8'd1 != going_rows;
        gone <= gone + 8'd1;
      end
    end
  end
  logic active;
  logic [7:0] active_rows, active_gone;
  assign active = start || going;
  assign active_rows = start ? start_rows : going_rows;
  assign active_gone = start ? 8'd0 : gone;

  // ---- the grid: [r][c] is what unit (r,c) gets, row ROWS and column COLS what leaves ----------------------
  logic vd[ROWS][COLS+1];
  logic fd[ROWS][COLS+1];
  logic ld[ROWS][COLS+1];
  logic signed [OPERAND_BITS-1:0] xd[ROWS][COLS+1];
  logic signed [OPERAND_BITS-1:0] wd[ROWS+1][COLS];
  logic signed [SUM_BITS-1:0] rd[ROWS+1][COLS];

  for (genvar r = 0; r < ROWS; ++r) begin : g_left
    delay_line #(.BITS(OPERAND_BITS + 3), .DEPTH(r)) skew (
        .clk, .rst, .enable,
        .in ({taken, first, last, x[r]}),
        .out({vd[r][0], fd[r][0], ld[r][0], xd[r][0]})
    );
  end
  for (genvar c = 0; c < COLS; ++c) begin : g_top
    logic draining;
    logic [7:0] drain_rows, drained;
    delay_line #(.BITS(OPERAND_BITS), .DEPTH(c)) skew (.clk, .rst, .enable, .in(w[c]), .out(wd[0][c]));
    delay_line #(.BITS(17), .DEPTH(c)) control (
        .clk, .rst, .enable,
        .in ({active, active_rows, active_gone}),
        .out({draining, drain_rows, drained})
    );
    assign rd[0][c] = '0;
    assign sum[c] = rd[ROWS][c];
    assign sum_valid[c] = draining;
    for (genvar r = 0; r < ROWS; ++r) begin : g_row
      // Row r still waits for results from above while those that have left are fewer than it and the rows in use
      // above it.
      logic shift;
      assign shift = draining && 9'(drained) + 9'(ROWS) < 9'(drain_rows) + 9'(r);
      output_stationary_pe #(
          .OPERAND_BITS(OPERAND_BITS), .SUM_BITS(SUM_BITS)
      ) pe (
          .clk, .rst, .enable,
          .valid_in(vd[r][c]), .first_in(fd[r][c]), .last_in(ld[r][c]), .x_in(xd[r][c]),
          .valid_out(vd[r][c+1]), .first_out(fd[r][c+1]), .last_out(ld[r][c+1]), .x_out(xd[r][c+1]),
          .w_in(wd[r][c]), .w_out(wd[r+1][c]),
          .drain(shift), .result_in(rd[r][c]), .result_out(rd[r+1][c])
      );
    end
  end

  // What leaves the grid on the right and, of the weights, at the bottom has no receiver.
  logic unused;
  always_comb begin
    unused = 1'b0;
    for (int r = 0; r < ROWS; ++r) unused ^= (^xd[r][COLS]) ^ vd[r][COLS] ^ fd[r][COLS] ^ ld[r][COLS];
    for (int c = 0; c < COLS; ++c) unused ^= ^wd[ROWS][c];
    unused &= 1'b0;
  end
endmodule
