//! Solo in place: which connections carry sound while strips are soloed.
//!
//! Solo closes connections, not strips, so that keys go on ducking as in the mix and a soloed return keeps being fed by strips whose own
//! output is silent. A connection carries sound when its strip is soloed or solo-safe, when its strip is a group or a return that
//! carries such a one (returns always carry), when it feeds a soloed group, or when it leads to a soloed strip.

use alloc::vec;
use alloc::vec::Vec;

use super::controls::strip_param;
use super::graph::{destinations, index_of, output_of};
use super::strip::Strip;
use crate::protocol::StripKind;

/// Opens and closes all connections as the strips' solos say; `order` is the order of rendering.
pub fn apply(strips: &mut [Strip], order: &[usize], ignore_solo: bool) {
    let solo = |strip: &Strip| !ignore_solo && strip.kind != StripKind::Master && strip.switch(strip_param::SOLO);
    let soloed: Vec<bool> = strips.iter().map(solo).collect();
    if !soloed.contains(&true) {
        for strip in strips.iter_mut() {
            strip.out_edge.open(true);
            strip.sends.iter_mut().for_each(|send| send.edge.open(true));
        }
        return;
    }
    let carries = carrying(strips, order, &soloed);
    let leads = leading(strips, order, &soloed);
    for index in 0..strips.len() {
        let open = output_of(strips, index).is_some_and(|to| carries[index] || leads[to]);
        strips[index].out_edge.open(open);
        for send in 0..strips[index].sends.len() {
            let to = index_of(strips, strips[index].sends[send].to);
            strips[index].sends[send].edge.open(to.is_some_and(|to| carries[index] || leads[to]));
        }
    }
}

/// Strips whose sound is to be heard: soloed ones and what feeds them as groups, safe ones, returns, and whatever one of those goes through.
fn carrying(strips: &[Strip], order: &[usize], soloed: &[bool]) -> Vec<bool> {
    let mut carries = soloed.to_vec();
    for &index in order.iter().rev() {
        carries[index] |= output_of(strips, index).is_some_and(|to| carries[to]);
    }
    for (carries, strip) in carries.iter_mut().zip(strips) {
        *carries |= strip.kind == StripKind::Return || strip.switch(strip_param::SOLO_SAFE);
    }
    for &index in order {
        if carries[index] {
            destinations(strips, index).for_each(|to| carries[to] = true);
        }
    }
    carries
}

/// Strips that are soloed or from which sound reaches a soloed one.
fn leading(strips: &[Strip], order: &[usize], soloed: &[bool]) -> Vec<bool> {
    let mut leads = vec![false; strips.len()];
    for &index in order.iter().rev() {
        leads[index] = soloed[index] || destinations(strips, index).any(|to| leads[to]);
    }
    leads
}
