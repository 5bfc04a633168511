//! How much one insert takes away over a whole render: counted from the engine's records, one every 10 ms.
//!
//! The deepest reduction of each record stands for its 10 ms. Worklet and native render share it, so both say the same of a limiter.

use crate::protocol::telemetry::{MAX_INSERTS, insert, insert_at, word};

/// Reduction that counts as deep, dB.
pub const DEEP_DB: f32 = 6.0;

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limiting {
    /// Records in which the insert was.
    pub records: u32,
    /// Those with more than [`DEEP_DB`] of reduction.
    pub deep: u32,
    /// The deepest reduction, dB, 0 or less.
    pub deepest_db: f32,
    /// Sum of the deepest reductions of all records, dB.
    pub sum_db: f32,
}

impl Limiting {
    /// Takes a record in, laid out as [`crate::protocol::telemetry`] says.
    pub fn note(&mut self, record: &[u32], insert_id: u32) {
        let inserts = (record[word::INSERTS] as usize).min(MAX_INSERTS);
        let found = (0..inserts).map(insert_at).find(|at| record[at + insert::ID] == insert_id);
        let Some(at) = found else { return };
        let reduction_db = f32::from_bits(record[at + insert::REDUCTION_DB]);
        self.records += 1;
        self.deep += u32::from(reduction_db < -DEEP_DB);
        self.deepest_db = self.deepest_db.min(reduction_db);
        self.sum_db += reduction_db;
    }

    /// As words of the output ring.
    pub const fn to_words(self) -> [u32; 4] {
        [self.records, self.deep, self.deepest_db.to_bits(), self.sum_db.to_bits()]
    }

    /// From words of the output ring.
    pub const fn from_words([records, deep, deepest, sum]: [u32; 4]) -> Self {
        Self { records, deep, deepest_db: f32::from_bits(deepest), sum_db: f32::from_bits(sum) }
    }
}
