//! The shell that runs the engine in an AudioWorklet.
//!
//! `processor.js` copies between shared memory and this module's memory through views made once; everything that is sound happens here.
//! The boundary is free functions over numbers and slices only: the worklet's scope has no TextDecoder, which strings and classes would
//! make wasm-bindgen ask for. A pointer that a function gives stays good until commands are taken or room is made.

mod layout;
mod memory;
mod proof;
mod reference;
mod shell;
mod trap;

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

pub use layout::layout;
pub use memory::{allocated_bytes, headroom_bytes};
pub use proof::prove;
use shell::Shell;
pub use trap::{trap_text, trap_text_bytes};

thread_local! {
    static SHELL: RefCell<Option<Shell>> = const { RefCell::new(None) };
}

fn with<R: Default>(act: impl FnOnce(&mut Shell) -> R) -> R {
    SHELL.with_borrow_mut(|shell| shell.as_mut().map(act)).unwrap_or_default()
}

/// Makes the engine: its rate, how many tracks a block of the feed holds, and whether solo is left out, as in an export.
#[wasm_bindgen]
pub fn create(rate_hz: f64, feed_tracks: usize, ignore_solo: bool) {
    trap::keep_text();
    memory::fill_pool();
    SHELL.set(Some(Shell::new(rate_hz, feed_tracks, ignore_solo)));
}

/// Makes room for a snapshot of this many bytes; gives where it is to be put.
#[wasm_bindgen]
pub fn snapshot(bytes: usize) -> *mut u8 {
    with(|shell| {
        shell.snapshot = vec![0; bytes];
        shell.snapshot.as_mut_ptr() as usize
    }) as *mut u8
}

/// Carries the snapshot out: commands in postcard. `false` when it cannot be read, or only in part.
#[wasm_bindgen]
pub fn load() -> bool {
    with(Shell::load)
}

/// Where a command's bytes are put, and where an event's bytes are found.
#[wasm_bindgen]
pub fn message() -> *mut u32 {
    with(|shell| shell.message.as_mut_ptr() as usize) as *mut u32
}

/// Words of [`message`].
#[wasm_bindgen]
pub fn message_words() -> usize {
    shell::MESSAGE_WORDS
}

/// Carries out the command whose bytes lie in [`message`].
#[wasm_bindgen]
pub fn take_command(bytes: usize) {
    with(|shell| shell.take_command(bytes));
}

/// Puts the oldest event into [`message`]; gives its bytes, 0 for none.
#[wasm_bindgen]
pub fn take_event() -> usize {
    with(Shell::take_event)
}

/// Events that the ring had no room for.
#[wasm_bindgen]
pub fn count_dropped_event() {
    with(|shell| shell.dropped_events += 1);
}

/// Makes room for blocks of this many tracks.
#[wasm_bindgen]
pub fn set_feed_tracks(tracks: usize) {
    with(|shell| shell.engine.set_feed_tracks(tracks));
}

/// Where the wanted block's slot is copied.
#[wasm_bindgen]
pub fn input() -> *mut u32 {
    with(|shell| shell.engine.input_mut().as_mut_ptr() as usize) as *mut u32
}

/// Words of [`input`].
#[wasm_bindgen]
pub fn input_words() -> usize {
    with(|shell| shell.engine.input_mut().len())
}

/// Whether the next block needs one of the feed's.
#[wasm_bindgen]
pub fn wants_block() -> bool {
    with(|shell| shell.engine.wanted_block().is_some())
}

/// Generation of the wanted block.
#[wasm_bindgen]
pub fn wanted_generation() -> u32 {
    with(|shell| shell.engine.wanted_block().unwrap_or_default().0)
}

/// Sequence of the wanted block.
#[wasm_bindgen]
pub fn wanted_sequence() -> u32 {
    with(|shell| shell.engine.wanted_block().unwrap_or_default().1)
}

/// The wanted block lies in [`input`]; `false` when it is another one.
#[wasm_bindgen]
pub fn block_arrived() -> bool {
    with(Shell::block_arrived)
}

/// The wanted block is not there.
#[wasm_bindgen]
pub fn block_missing() {
    with(|shell| shell.engine.block_missing());
}

/// Renders the next block.
#[wasm_bindgen]
pub fn render_block() {
    with(Shell::render_block);
}

/// Makes room for quanta of this many frames; gives where they lie, left then right.
#[wasm_bindgen]
pub fn set_quantum(frames: usize) -> *const f32 {
    with(|shell| shell.set_quantum(frames) as usize) as *const f32
}

/// Where a quantum of the node's input is put, left then right, as [`set_quantum`] made room; [`put_reference`] takes it in.
#[wasm_bindgen]
pub fn reference_input() -> *mut f32 {
    with(|shell| shell.reference_input() as usize) as *mut f32
}

/// Takes a quantum of a reference in.
#[wasm_bindgen]
pub fn put_reference() {
    with(Shell::put_reference);
}

/// Copies frames of the block from `from` to the quantum at `to`.
#[wasm_bindgen]
pub fn give(from: usize, to: usize, frames: usize) {
    with(|shell| shell.give(from, to, frames));
}

/// Where the block before the monitor stage lies, interleaved.
#[wasm_bindgen]
pub fn tap() -> *const f32 {
    with(|shell| shell.tap.as_ptr() as usize) as *const f32
}

/// Frames of the tap that belong to the play.
#[wasm_bindgen]
pub fn tap_frames() -> usize {
    with(|shell| shell.engine.tap_frames())
}

/// Where, per slot of the taps for the eye, its number and the frames that it has carried lie.
#[wasm_bindgen]
pub fn tap_counts() -> *const u32 {
    with(|shell| shell.tap_counts.as_ptr() as usize) as *const u32
}

/// Where a slot's last block lies, left then right.
#[wasm_bindgen]
pub fn tap_block(slot: usize) -> *const f32 {
    with(|shell| shell.engine.taps().nth(slot).map_or(0, |(_, _, block)| block.as_ptr() as usize)) as *const f32
}

/// From now on a render is kept, with at most this much tail; [`kept_from`] and [`kept_to`] say which frames of the tap, [`limiting`] what
/// the insert with this id did.
#[wasm_bindgen]
pub fn start_excerpt(tail_limit_frames: f64, watched: u32) {
    with(|shell| shell.start_excerpt(tail_limit_frames, watched));
}

/// Where four words lie that say what the watched insert did.
#[wasm_bindgen]
pub fn limiting() -> *const u32 {
    with(|shell| shell.write_limiting() as usize) as *const u32
}

/// First frame of the tap that the render keeps.
#[wasm_bindgen]
pub fn kept_from() -> usize {
    with(|shell| shell.kept.start)
}

/// Frame of the tap after the last that the render keeps.
#[wasm_bindgen]
pub fn kept_to() -> usize {
    with(|shell| shell.kept.end)
}

/// Whether the render has its last frame.
#[wasm_bindgen]
pub fn is_complete() -> bool {
    with(|shell| shell.is_complete())
}

/// Where the newest record lies, once; null when there is no new one.
#[wasm_bindgen]
pub fn take_record() -> *const u32 {
    with(|shell| shell.take_record() as usize) as *const u32
}
