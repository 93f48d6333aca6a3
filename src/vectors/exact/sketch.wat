(module
  (import "env" "memory" (memory 1))
  ;; Writes, for each row of some groups of 16, the upper bound of its score. Of a group's rows, all first bytes lie together, then all
  ;; second ones; each half of a byte is a place in a table of its own, 16 bytes long.
  (func (export "sketch")
    (param $tables i32) (param $codes i32) (param $bytes i32)
    (param $terms i32) (param $bound i32) (param $groups i32)
    (param $scale f32) (param $shift f32) (param $norm f32) (param $spread f32)
    (local $table i32) (local $left i32) (local $end i32)
    (local $code v128) (local $half v128) (local $sum v128) (local $odd v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $four v128)
    (local.set $half (i8x16.splat (i32.const 15)))
    (block $done
      (loop $next_group
        (br_if $done (i32.eqz (local.get $groups)))
        (local.set $table (local.get $tables))
        (local.set $left (local.get $bytes))
        (local.set $a (v128.const i32x4 0 0 0 0))
        (local.set $b (v128.const i32x4 0 0 0 0))
        (local.set $c (v128.const i32x4 0 0 0 0))
        (local.set $d (v128.const i32x4 0 0 0 0))
        (loop $next_part
          ;; So many bytes as 16 bits can sum up.
          (local.set $end (i32.sub (local.get $left) (i32.const 128)))
          (local.set $end (select (local.get $end) (i32.const 0) (i32.gt_s (local.get $end) (i32.const 0))))
          (local.set $sum (v128.const i32x4 0 0 0 0))
          (local.set $odd (v128.const i32x4 0 0 0 0))
          (loop $next
            (local.set $code (v128.load (local.get $codes)))
            (local.set $four
              (i8x16.add
                (i8x16.swizzle (v128.load (local.get $table)) (v128.and (local.get $code) (local.get $half)))
                (i8x16.swizzle (v128.load offset=16 (local.get $table))
                  (v128.and (i16x8.shr_u (local.get $code) (i32.const 4)) (local.get $half)))))
            (local.set $sum (i16x8.add (local.get $sum) (local.get $four)))
            (local.set $odd (i16x8.add (local.get $odd) (i16x8.shr_u (local.get $four) (i32.const 8))))
            (local.set $codes (i32.add (local.get $codes) (i32.const 16)))
            (local.set $table (i32.add (local.get $table) (i32.const 32)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br_if $next (i32.gt_s (local.get $left) (local.get $end))))
          (local.set $sum (i16x8.sub (local.get $sum) (i16x8.shl (local.get $odd) (i32.const 8))))
          (local.set $a (i32x4.add (local.get $a) (i32x4.extend_low_i16x8_u (local.get $sum))))
          (local.set $b (i32x4.add (local.get $b) (i32x4.extend_high_i16x8_u (local.get $sum))))
          (local.set $c (i32x4.add (local.get $c) (i32x4.extend_low_i16x8_u (local.get $odd))))
          (local.set $d (i32x4.add (local.get $d) (i32x4.extend_high_i16x8_u (local.get $odd))))
          (br_if $next_part (local.get $left)))
        (local.set $a (call $upper (local.get $a) (local.get $terms) (local.get $scale) (local.get $shift) (local.get $norm) (local.get $spread)))
        (local.set $b (call $upper (local.get $b) (i32.add (local.get $terms) (i32.const 16)) (local.get $scale) (local.get $shift) (local.get $norm) (local.get $spread)))
        (local.set $c (call $upper (local.get $c) (i32.add (local.get $terms) (i32.const 32)) (local.get $scale) (local.get $shift) (local.get $norm) (local.get $spread)))
        (local.set $d (call $upper (local.get $d) (i32.add (local.get $terms) (i32.const 48)) (local.get $scale) (local.get $shift) (local.get $norm) (local.get $spread)))
        (v128.store (local.get $bound) (local.get $a))
        (v128.store offset=16 (local.get $bound) (local.get $b))
        (v128.store offset=32 (local.get $bound) (local.get $c))
        (v128.store offset=48 (local.get $bound) (local.get $d))
        (local.set $terms (i32.add (local.get $terms) (i32.const 192)))
        (local.set $bound (i32.add (local.get $bound) (i32.const 64)))
        (local.set $groups (i32.sub (local.get $groups) (i32.const 1)))
        (br $next_group))))
  ;; Of four rows: factor times sum, and mean, and spread.
  (func $upper (param $sum v128) (param $terms i32) (param $scale f32) (param $shift f32) (param $norm f32) (param $spread f32) (result v128)
    (f32x4.add
      (f32x4.mul (v128.load (local.get $terms))
        (f32x4.mul (f32x4.splat (local.get $scale))
          (f32x4.add (f32x4.convert_i32x4_u (local.get $sum)) (f32x4.splat (local.get $shift)))))
      (f32x4.add
        (f32x4.mul (v128.load offset=64 (local.get $terms)) (f32x4.splat (local.get $norm)))
        (f32x4.mul (v128.load offset=128 (local.get $terms)) (f32x4.splat (local.get $spread)))))))
