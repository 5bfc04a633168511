//! Rendering takes no memory: a counting allocator watches a studio that uses every part of the engine.

mod engine_support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use dsp::engine::{host, strip_param};
use dsp::monitor::monitor_param;
use dsp::protocol::{Command, InsertId, Listen, Segment, StripKind, TapPoint};
use engine_support::*;

thread_local! {
    static TAKEN: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        TAKEN.with(|taken| taken.set(taken.get() + 1));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        TAKEN.with(|taken| taken.set(taken.get() + 1));
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Feeds and renders one block and tells how often memory was taken or given back meanwhile.
fn memory_calls_of_a_block(studio: &mut Studio) -> usize {
    if studio.engine.wanted_block() == Some((studio.feeder.generation, studio.feeder.sequence)) {
        studio.feeder.write_block();
    }
    let before = TAKEN.with(Cell::get);
    host::pump(&mut studio.engine, &studio.feeder.ring);
    studio.engine.render_block();
    studio.engine.telemetry_ready();
    TAKEN.with(Cell::get) - before
}

#[test]
fn rendering_takes_no_memory_through_start_loop_edits_starvation_and_stop() {
    let mut studio = Studio::new((1..=8).map(noise).collect());
    studio.add(10, StripKind::Group);
    studio.add(20, StripKind::Return);
    for strip in 1..=8 {
        studio.output(strip, 10);
        studio.send(strip, strip, 20, strip % 2 == 0, -6.0);
        studio.insert(strip, strip, processors::LATE, &[100.0 * strip as f32]);
        studio.lane(strip_param(strip, strip_param::VOLUME), &[(0, -20.0, Segment::Linear), (9000, 0.0, Segment::Curve(0.5))]);
    }
    studio.insert_keyed(3, 50, processors::MINUS_KEY, &[], Some(1));
    studio.insert(4, 51, processors::BROKEN, &[]);
    studio.insert(5, 52, processors::ECHO, &[]);
    studio.apply(Command::SetTap { slot: 0, number: 1, point: Some(TapPoint::AfterInsert(InsertId(4))) });
    studio.apply(Command::Compare { insert: InsertId(52), listen: Some(Listen::Change) });
    for (index, value) in [(monitor_param::WATCH, 1.0), (monitor_param::DEVICE, 1.0), (monitor_param::PREVIEW_LIMIT, 1.0)] {
        studio.apply(Command::SetMonitor { index: index as u16, value });
    }
    studio.feeder.turn = Some((2000, 5000));
    studio.play(1, 1000);
    let mut calls = 0;
    for block in 0..600 {
        match block {
            100 => studio.apply(Command::SetBypass { insert: InsertId(52), bypassed: true }),
            150 => studio.apply(Command::RemoveInsert { insert: InsertId(2) }),
            200 => studio.set(1, strip_param::SOLO, 1.0),
            220 => studio.apply(Command::SetMonitor { index: monitor_param::DEVICE as u16, value: 5.0 }),
            230 => studio.apply(Command::SetMonitor { index: monitor_param::SOURCE as u16, value: 2.0 }),
            250 => studio.set(1, strip_param::MUTE, 1.0),
            300 => studio.feeder.generation = 99,
            320 => studio.play(2, 3000),
            500 => studio.apply(Command::Stop),
            _ => {}
        }
        calls += memory_calls_of_a_block(&mut studio);
    }
    assert_eq!(calls, 0);
}
