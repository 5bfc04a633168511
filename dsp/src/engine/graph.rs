//! The graph of strips: who feeds whom by outputs, sends and keys; the order of rendering; and why a connection would be a loop.

use alloc::vec;
use alloc::vec::Vec;

use super::strip::Strip;
use crate::protocol::{StripId, StripKind};

/// Index of the strip with this id; strips are ascending by id.
pub fn index_of(strips: &[Strip], id: StripId) -> Option<usize> {
    strips.binary_search_by_key(&id, |strip| strip.id).ok()
}

/// Index of the master.
pub fn master_of(strips: &[Strip]) -> Option<usize> {
    strips.iter().position(|strip| strip.kind == StripKind::Master)
}

/// Where a strip's output goes; `None` for the master itself.
pub fn output_of(strips: &[Strip], index: usize) -> Option<usize> {
    let strip = &strips[index];
    if strip.kind == StripKind::Master {
        return None;
    }
    strip.output.and_then(|id| index_of(strips, id)).or_else(|| master_of(strips))
}

/// Where a strip's sound goes: its output's destination and its sends'.
pub fn destinations(strips: &[Strip], index: usize) -> impl Iterator<Item = usize> {
    let sends = strips[index].sends.iter().filter_map(|send| index_of(strips, send.to));
    output_of(strips, index).into_iter().chain(sends)
}

/// For each strip the strips that hear it: its destinations and those with an insert that it keys.
fn listeners(strips: &[Strip]) -> Vec<Vec<usize>> {
    let mut listeners: Vec<Vec<usize>> = (0..strips.len()).map(|index| destinations(strips, index).collect()).collect();
    for (index, strip) in strips.iter().enumerate() {
        for key in strip.inserts.iter().filter_map(|slot| index_of(strips, slot.key?)) {
            listeners[key].push(index);
        }
    }
    listeners
}

/// The loop that a connection from one strip to another would close, first and last strip the same; `None` when it closes none.
pub fn loop_of(strips: &[Strip], from: usize, to: usize) -> Option<Vec<StripId>> {
    let heard_by = listeners(strips);
    let mut came_from = vec![None; strips.len()];
    let mut waiting = vec![to];
    while let Some(at) = waiting.pop() {
        if at == from {
            return Some(path_back(strips, &came_from, from, to));
        }
        for &next in &heard_by[at] {
            if next != to && came_from[next].is_none() {
                came_from[next] = Some(at);
                waiting.push(next);
            }
        }
    }
    None
}

fn path_back(strips: &[Strip], came_from: &[Option<usize>], from: usize, to: usize) -> Vec<StripId> {
    let mut path = vec![strips[from].id];
    let mut at = from;
    while at != to {
        let Some(before) = came_from[at] else {
            break;
        };
        at = before;
        path.push(strips[at].id);
    }
    path.push(strips[from].id);
    path.reverse();
    path
}

/// The order of rendering: each strip after all that it hears; among equals the lower id first, so that the order (and with it the
/// rounding of sums) follows from the routing alone.
pub fn render_order(strips: &[Strip]) -> Vec<usize> {
    let heard_by = listeners(strips);
    let mut waits_for = vec![0_usize; strips.len()];
    heard_by.iter().flatten().for_each(|&listener| waits_for[listener] += 1);
    let mut order = Vec::with_capacity(strips.len());
    let mut placed = vec![false; strips.len()];
    while let Some(next) = (0..strips.len()).find(|&index| !placed[index] && waits_for[index] == 0) {
        placed[next] = true;
        order.push(next);
        heard_by[next].iter().for_each(|&listener| waits_for[listener] -= 1);
    }
    order
}
