(module
  (import "env" "memory" (memory 1))
  ;; Writes, for each row, the dot product with the question times the row's factor.
  ;; Rows and the question are signed bytes, `stride` of them, a multiple of 16.
  (func (export "scan")
    (param $question i32) (param $row i32) (param $stride i32)
    (param $factor i32) (param $score i32) (param $rows i32)
    (local $at i32) (local $sum v128) (local $a v128) (local $b v128)
    (block $done
      (loop $next_row
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $at (i32.const 0))
        (local.set $sum (v128.const i32x4 0 0 0 0))
        (loop $next
          (local.set $a (v128.load (i32.add (local.get $row) (local.get $at))))
          (local.set $b (v128.load (i32.add (local.get $question) (local.get $at))))
          (local.set $sum
            (i32x4.add
              (i32x4.add (local.get $sum)
                (i32x4.extadd_pairwise_i16x8_s (i16x8.extmul_low_i8x16_s (local.get $a) (local.get $b))))
              (i32x4.extadd_pairwise_i16x8_s (i16x8.extmul_high_i8x16_s (local.get $a) (local.get $b)))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br_if $next (i32.lt_u (local.get $at) (local.get $stride))))
        (f32.store (local.get $score)
          (f32.mul
            (f32.load (local.get $factor))
            (f32.convert_i32_s
              (i32.add
                (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
                (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))))
        (local.set $row (i32.add (local.get $row) (local.get $stride)))
        (local.set $factor (i32.add (local.get $factor) (i32.const 4)))
        (local.set $score (i32.add (local.get $score) (i32.const 4)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $next_row)))))
