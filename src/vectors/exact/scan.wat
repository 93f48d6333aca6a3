(module
  (import "env" "memory" (memory 1))
  ;; The dot product of a row and the question times the row's factor. A row is signed bytes, `stride` of them, a multiple of 16; the
  ;; question as many signed numbers of 16 bits.
  (func $score
    (param $question i32) (param $row i32) (param $stride i32) (param $factor i32) (result f32)
    (local $end i32) (local $sum v128) (local $more v128)
    (local.set $end (i32.add (local.get $row) (local.get $stride)))
    (loop $next
      (local.set $sum
        (i32x4.add (local.get $sum)
          (i32x4.dot_i16x8_s (v128.load8x8_s (local.get $row)) (v128.load (local.get $question)))))
      (local.set $more
        (i32x4.add (local.get $more)
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $row)) (v128.load offset=16 (local.get $question)))))
      (local.set $row (i32.add (local.get $row) (i32.const 16)))
      (local.set $question (i32.add (local.get $question) (i32.const 32)))
      (br_if $next (i32.ne (local.get $row) (local.get $end))))
    (local.set $sum (i32x4.add (local.get $sum) (local.get $more)))
    (f32.mul
      (f32.load (local.get $factor))
      (f32.convert_i32_s
        (i32.add
          (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
          (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))))

  ;; Writes the score of each of some rows that lie one after another.
  (func (export "scan")
    (param $question i32) (param $row i32) (param $stride i32)
    (param $factor i32) (param $score i32) (param $rows i32)
    (block $done
      (loop $next_row
        (br_if $done (i32.eqz (local.get $rows)))
        (f32.store (local.get $score)
          (call $score (local.get $question) (local.get $row) (local.get $stride) (local.get $factor)))
        (local.set $row (i32.add (local.get $row) (local.get $stride)))
        (local.set $factor (i32.add (local.get $factor) (i32.const 4)))
        (local.set $score (i32.add (local.get $score) (i32.const 4)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $next_row))))

  ;; Writes the score of each of some rows that lie anywhere, at least one: `picks` has the address of each and of its factor.
  (func (export "pick")
    (param $question i32) (param $picks i32) (param $stride i32) (param $score i32) (param $rows i32)
    (local $pick i32) (local $end i32) (local $at i32) (local $last i32) (local $any i32)
    (local.set $end (i32.add (local.get $picks) (i32.shl (local.get $rows) (i32.const 3))))
    ;; All lines of memory are asked for before any is waited for: one by one, waiting takes ten times as long as comparing.
    (local.set $pick (local.get $picks))
    (loop $next_touch
      (local.set $at (i32.load (local.get $pick)))
      (local.set $last (i32.add (local.get $at) (i32.sub (local.get $stride) (i32.const 1))))
      (local.set $any
        (i32.or (i32.load (i32.load offset=4 (local.get $pick)))
          (i32.or (local.get $any) (i32.load8_u (local.get $last)))))
      (loop $next_line
        (local.set $any (i32.or (local.get $any) (i32.load8_u (local.get $at))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br_if $next_line (i32.lt_u (local.get $at) (local.get $last))))
      (local.set $pick (i32.add (local.get $pick) (i32.const 8)))
      (br_if $next_touch (i32.ne (local.get $pick) (local.get $end))))
    ;; Written, and then written over, lest the compiler leaves the reading out.
    (i32.store (local.get $score) (local.get $any))
    (loop $next_row
      (f32.store (local.get $score)
        (call $score (local.get $question) (i32.load (local.get $picks)) (local.get $stride)
          (i32.load offset=4 (local.get $picks))))
      (local.set $picks (i32.add (local.get $picks) (i32.const 8)))
      (local.set $score (i32.add (local.get $score) (i32.const 4)))
      (br_if $next_row (i32.ne (local.get $picks) (local.get $end))))))
