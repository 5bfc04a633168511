//! The equalizer's editor: the curve with a handle per band over a column of controls per band.

mod bands;
mod curve;
mod handles;
mod scale;

use dsp::params::ProcessorSpec;
use dsp::processors::equalizer::{AUTO_GAIN, BANDS, GAIN_SCALE, OUTPUT, PHASE};
use dsp::protocol::{InsertId, StripId};
use leptos::prelude::*;
use session::model::{Strip, Target};

use self::bands::BandColumn;
use self::curve::CurvePicture;
use self::handles::Handle;
use super::controls::ParamRow;
use crate::state::Studio;
use crate::ui::widgets::Control;

/// Which equalizer an editor shows, and which of its bands is chosen.
#[derive(Clone, Copy)]
pub struct EqualizerView {
    studio: Studio,
    strip: StripId,
    insert: InsertId,
    spec: &'static ProcessorSpec,
    /// All values in the declaration's order.
    pub values: Memo<Vec<f32>>,
    /// The band that handles and columns show as chosen, from 0.
    pub chosen: RwSignal<usize>,
}

impl EqualizerView {
    fn new(studio: Studio, strip: StripId, insert: InsertId, spec: &'static ProcessorSpec) -> Self {
        let values = studio.strip_memo(strip, move |strip| values_of(strip, insert, spec));
        Self { studio, strip, insert, spec, values, chosen: RwSignal::new(0) }
    }

    /// The control of the parameter with this index.
    pub fn control(&self, index: usize) -> Control {
        self.studio.insert_control(self.strip, self.insert, &self.spec.params[index])
    }

    /// A value, tracked.
    pub fn value(&self, index: usize) -> f32 {
        self.values.with(|values| values.get(index).copied().unwrap_or_default())
    }
}

fn values_of(strip: &Strip, insert: InsertId, spec: &'static ProcessorSpec) -> Vec<f32> {
    spec.params.iter().map(|param| strip.value_of(&Target::Insert(insert, param.id.into()))).collect()
}

/// The equalizer's body.
#[component]
pub fn EqualizerBody(strip: StripId, insert: InsertId, spec: &'static ProcessorSpec) -> impl IntoView {
    let view = EqualizerView::new(expect_context::<Studio>(), strip, insert, spec);
    let handles = (0..BANDS).map(|band| view! { <Handle view band /> }).collect_view();
    let columns = (0..BANDS).map(|band| view! { <BandColumn view band /> }).collect_view();
    view! {
        <div class="eq">
            <div class="eq-picture">
                <CurvePicture view />
                {handles}
            </div>
            <div class="eq-bands">
                {columns}
                <div class="eq-band is-output" role="group" aria-label="All bands">
                    <div class="eq-band-head"><b>"All bands"</b></div>
                    <ParamRow control=view.control(OUTPUT) />
                    <ParamRow control=view.control(GAIN_SCALE) />
                    <ParamRow control=view.control(AUTO_GAIN) />
                    <ParamRow control=view.control(PHASE) />
                </div>
            </div>
        </div>
    }
}
