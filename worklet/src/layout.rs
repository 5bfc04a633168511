//! What `processor.js` must know of the shared memory's layouts, from the one place where they are declared.

use dsp::engine::BLOCK_FRAMES;
use dsp::protocol::{PROTOCOL_VERSION, feed, output, ring, taps, telemetry};
use wasm_bindgen::prelude::wasm_bindgen;

/// The numbers in the order in which `processor.js` names them.
#[wasm_bindgen]
pub fn layout() -> Vec<u32> {
    let places = [
        BLOCK_FRAMES,
        ring::HEADER_WORDS,
        ring::WRITE,
        ring::READ,
        ring::DROPPED,
        feed::HEADER_WORDS,
        feed::SLOTS,
        feed::SLOT_WORDS,
        feed::TRACKS,
        feed::READ_GENERATION,
        feed::READ_SEQUENCE,
        feed::FIRST_LANES_WORDS,
        feed::FIRST_LANES_ONLY,
        telemetry::HEADER_WORDS,
        telemetry::WRITTEN,
        telemetry::MEMORY_PAGES,
        telemetry::RECORDS,
        telemetry::RECORD_WORDS,
        output::HEADER_WORDS,
        output::CAPACITY,
        output::WRITE,
        output::READ,
        output::STATE,
        output::LIMITING,
        taps::HEADER_WORDS,
        taps::SLOTS,
        taps::RING_BLOCKS,
        taps::number_at(0),
    ];
    let states = [output::State::Running, output::State::Finished, output::State::Failed].map(output::State::to_word);
    places.map(|place| place as u32).into_iter().chain(states).chain([PROTOCOL_VERSION]).collect()
}
