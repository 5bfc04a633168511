//! What the engine lets be read of itself between two blocks: records of its state and meters, and audio for the eye.

use super::Engine;
use super::Watcher;
use super::telemetry::EngineReading;
use super::transport::Phase;
use crate::protocol::telemetry::flag;

impl Engine {
    /// The newest record, laid out as [`crate::protocol::telemetry`] says, once.
    pub fn telemetry_ready(&mut self) -> Option<&[u32]> {
        self.recorder.take()
    }

    /// What is tapped: per slot of [`crate::protocol::taps`] its number, how many frames it has carried, and its last block.
    pub fn taps(&self) -> impl Iterator<Item = (u32, u32, &[f32])> {
        self.taps.slots()
    }

    /// Shows every block at every point of the graph to `watcher`, for measuring a song faster than it plays.
    pub fn watch(&mut self, watcher: Watcher) {
        self.taps.watch(watcher);
    }

    /// Readings that only the host knows: free bytes of its memory, and events that it lost.
    pub fn set_host_readings(&mut self, headroom_bytes: u32, events_dropped: u32) {
        self.host_readings = [headroom_bytes, events_dropped];
    }

    pub(super) fn write_record(&mut self) {
        if !self.is_read {
            return self.recorder.write_reductions(&mut self.strips);
        }
        let (transport, monitor) = (&self.transport, &self.monitor);
        let playing = if transport.phase == Phase::Stopped { 0 } else { flag::PLAYING };
        let reading = EngineReading {
            flags: playing | if transport.holding { flag::HOLDING } else { 0 },
            position: self.timeline.position(),
            engine_frame: self.timeline.engine_frame(),
            generation: transport.generation(),
            starved: transport.starved,
            latency_frames: self.latency_frames as u32,
            headroom_bytes: self.host_readings[0],
            repaired: self.repaired,
            events_dropped: self.host_readings[1].saturating_add(self.events.dropped()),
            matches_db: [monitor.chain_match_db(), Some(monitor.device_match_db()), monitor.reference_match_db()]
                .map(|db| db.map_or(f32::NAN, |db| db as f32)),
        };
        self.recorder.write(&reading, &self.master_meters.take(), &mut self.strips);
    }
}
