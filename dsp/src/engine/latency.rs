//! Latency compensation: every strip hears all that comes in, by outputs, sends and keys, at one time: that of the longest path.

use alloc::vec::Vec;

use super::graph::{destinations, index_of, output_of};
use super::insert::InsertSlot;
use super::strip::Strip;

/// Gives every strip its latency and every connection its delay; `order` is the order of rendering. Tells the latency of the master's output.
pub fn compensate(strips: &mut [Strip], order: &[usize]) -> usize {
    for strip in strips.iter_mut() {
        strip.latency_frames = 0;
    }
    let mut longest = 0;
    for &index in order {
        let own = strips[index].latency_frames.max(key_latency(strips, index));
        strips[index].latency_frames = own;
        let output = strips[index].output_latency_frames();
        longest = output;
        for to in destinations(strips, index).collect::<Vec<_>>() {
            strips[to].latency_frames = strips[to].latency_frames.max(output);
        }
    }
    set_delays(strips);
    longest
}

/// How long the mix sounds after silence goes in: the sum of tails over the longest path. Takes no memory.
pub fn longest_tail(strips: &mut [Strip], order: &[usize]) -> usize {
    strips.iter_mut().for_each(|strip| strip.tail_before_frames = 0);
    let mut longest = 0;
    for &index in order {
        let own: usize = strips[index].inserts.iter().map(InsertSlot::tail_frames).sum();
        let tail = strips[index].tail_before_frames + own;
        longest = longest.max(tail);
        let reach = |to: Option<usize>, strips: &mut [Strip]| {
            if let Some(to) = to {
                strips[to].tail_before_frames = strips[to].tail_before_frames.max(tail);
            }
        };
        reach(output_of(strips, index), strips);
        for send in 0..strips[index].sends.len() {
            reach(index_of(strips, strips[index].sends[send].to), strips);
        }
    }
    longest
}

/// The latency that a strip needs upstream so that its inserts' keys arrive in time.
fn key_latency(strips: &[Strip], index: usize) -> usize {
    let strip = &strips[index];
    let needed = strip.inserts.iter().enumerate().filter_map(|(place, slot)| {
        let key = index_of(strips, slot.key?)?;
        Some(strips[key].output_latency_frames().saturating_sub(strip.inserts_latency_frames(place)))
    });
    needed.max().unwrap_or(0)
}

fn set_delays(strips: &mut [Strip]) {
    for index in 0..strips.len() {
        let output = strips[index].output_latency_frames();
        let delay_to = |strips: &[Strip], to: usize| strips[to].latency_frames.saturating_sub(output);
        if let Some(to) = output_of(strips, index) {
            let delay = delay_to(strips, to);
            strips[index].out_edge.set_delay(delay);
        }
        for send in 0..strips[index].sends.len() {
            if let Some(to) = index_of(strips, strips[index].sends[send].to) {
                let delay = delay_to(strips, to);
                strips[index].sends[send].edge.set_delay(delay);
            }
        }
        let player_delay = strips[index].latency_frames;
        strips[index].player_delay.set_frames(player_delay);
        for place in 0..strips[index].inserts.len() {
            let at = strips[index].latency_frames + strips[index].inserts_latency_frames(place);
            if let Some(key) = strips[index].inserts[place].key.and_then(|id| index_of(strips, id)) {
                let delay = at.saturating_sub(strips[key].output_latency_frames());
                strips[index].inserts[place].key_delay.set_frames(delay);
            }
        }
    }
}
