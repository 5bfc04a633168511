//! What Match tone knows: the references with their weights, what is to be matched and how far, and what came of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use session::analysis::Analysis;
use session::assist::matching::{Matched, Options, Order, Target, edit};
use session::model::{Session, SourceId};

use crate::media::Canceller;
use crate::state::Studio;
use crate::ui::master::{Goal, Measures};

/// A weight that was not chosen.
const WEIGHT: f64 = 1.0;

/// A match, and what it is of.
#[derive(Clone)]
pub struct Made {
    revision: u64,
    /// What was asked for.
    pub order: Order,
    /// What came of it.
    pub matched: Arc<Matched>,
}

/// A reference of the session.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Which.
    pub source: SourceId,
    /// Its file's name.
    pub name: String,
    hash: String,
}

/// See the module's text; kept while the page is open.
#[derive(Clone, Copy)]
pub struct Matching {
    /// Whose.
    pub studio: Studio,
    /// How far it goes, and in what.
    pub options: RwSignal<Options>,
    weights: RwSignal<BTreeMap<SourceId, f64>>,
    made: RwSignal<Option<Made>>,
    /// How far the renders are, 0 to 1; `None` while none runs.
    pub progress: RwSignal<Option<f32>>,
    /// What became of the match that was applied.
    pub said: RwSignal<&'static str>,
    canceller: StoredValue<Canceller, LocalStorage>,
}

impl Matching {
    /// Nothing matched.
    pub fn new(studio: Studio) -> Self {
        Self {
            studio,
            options: RwSignal::new(Options::default()),
            weights: RwSignal::new(BTreeMap::new()),
            made: RwSignal::new(None),
            progress: RwSignal::new(None),
            said: RwSignal::new(""),
            canceller: StoredValue::new_local(Canceller::default()),
        }
    }

    /// The session's references, tracked.
    pub fn references(self) -> Vec<Reference> {
        let named = |session: &Session| {
            let named = |id: &SourceId| {
                session.source(*id).map(|source| Reference { source: *id, name: source.file_name.clone(), hash: source.hash.clone() })
            };
            session.references.iter().filter_map(named).collect()
        };
        self.studio.session(named).unwrap_or_default()
    }

    /// How much a reference counts, 0 to 1, tracked.
    pub fn weight(self, source: SourceId) -> f64 {
        self.weights.with(|weights| weights.get(&source).copied().unwrap_or(WEIGHT))
    }

    /// Has a reference count so much.
    pub fn set_weight(self, source: SourceId, weight: f64) {
        self.weights.update(|weights| {
            weights.insert(source, weight);
        });
    }

    /// What is asked for as all stands, tracked; nothing while a reference that counts is not measured yet.
    pub fn order(self, goal: Goal, measures: Measures) -> Option<Order> {
        let counting = self.references().into_iter().map(|reference| (self.weight(reference.source), reference));
        let measured: Option<Vec<(Arc<Analysis>, f64)>> = counting
            .filter(|(weight, _)| *weight > 0.0)
            .map(|(weight, reference)| Some((measures.source(&reference.hash)?, weight)))
            .collect();
        let measured = measured?;
        let target = Target::of(&measured.iter().map(|(analysis, weight)| (&**analysis, *weight)).collect::<Vec<_>>())?;
        Some(Order { song: self.studio.song_id()?, target, options: self.options.get(), peak_dbtp: goal.destination()?.peak_dbtp })
    }

    /// What was matched last of the song on show, tracked.
    pub fn made(self) -> Option<Made> {
        let song = self.studio.song_id()?;
        self.made.get().filter(|made| made.order.song == song)
    }

    /// Whether the song is as it was matched, tracked.
    pub fn is_fresh(self) -> bool {
        self.studio.revision();
        let now = self.studio.document_revision();
        self.made().is_some_and(|made| made.revision == now)
    }

    /// Renders the song, matches it, and renders it with the match.
    pub fn run(self, order: Order) {
        let Some(session) = self.studio.peek(Session::clone) else { return };
        if self.progress.get_untracked().is_some() {
            return;
        }
        let revision = self.studio.document_revision();
        self.progress.set(Some(0.0));
        self.said.set("");
        spawn_local(async move {
            let result = match self.studio.media().await {
                Ok(media) => {
                    let told = move |fraction| {
                        let _ = self.progress.try_set(Some(fraction));
                    };
                    let job = media.match_song(&session, order.clone(), told);
                    self.canceller.set_value(job.canceller());
                    job.await
                }
                Err(error) => Err(error),
            };
            match result {
                Ok(matched) => self.made.set(Some(Made { revision, order, matched: Arc::new(matched) })),
                Err(error) if error.is_cancelled() => {}
                Err(error) => self.studio.messages.attention(error.to_string()),
            }
            self.progress.set(None);
        });
    }

    /// Ends the renders.
    pub fn cancel(self) {
        self.canceller.with_value(Canceller::cancel);
    }

    /// Takes the match as one step.
    pub fn apply(self, measures: Measures) {
        let Some(made) = untrack(|| self.made()) else { return };
        let edit = self.studio.peek(|session| edit(session, made.order.song, &made.matched.plan)).flatten();
        if let Some(edit) = edit
            && self.studio.dispatch("Match tone", edit)
        {
            measures.keep(made.order.song, made.matched.after.clone());
            self.said.set("The match is in the master’s chain; undo takes it back.");
        }
    }
}
