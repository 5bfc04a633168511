//! The equalizer's editor: the curve with a handle per band over a column of controls per band.

mod bands;
mod curve;
mod handles;

use dsp::params::ProcessorSpec;
use dsp::processors::equalizer::{AUTO_GAIN, BANDS, GAIN_SCALE, OUTPUT, PHASE, band_index, band_param};
use leptos::ev::MouseEvent;
use leptos::html::Div;
use leptos::prelude::*;

use self::bands::BandColumn;
use self::curve::CurvePicture;
pub use self::curve::working_gains;
use self::handles::{BandHandle, Readout};
use super::controls::ParamRow;
use super::scale::{db_at, hz_at, span_db};
use super::spectrum::{Spectra, SpectrumChoice, SpectrumLayer};
use super::view::InsertView;
use crate::state::Studio;
use crate::ui::widgets::Control;

/// Which equalizer an editor shows, and which of its bands is chosen.
#[derive(Clone, Copy)]
pub struct EqualizerView {
    /// The insert.
    pub insert: InsertView,
    /// All values in the declaration's order.
    pub values: Memo<Vec<f32>>,
    /// The band that handles and columns show as chosen, from 0.
    pub chosen: RwSignal<usize>,
    /// Whether its handle is held.
    pub held: RwSignal<bool>,
}

impl EqualizerView {
    /// The control of the parameter with this index.
    pub fn control(&self, index: usize) -> Control {
        self.insert.control(index)
    }

    /// A value, tracked.
    pub fn value(&self, index: usize) -> f32 {
        self.insert.value(index)
    }

    /// The declaration.
    pub fn spec(&self) -> &'static ProcessorSpec {
        self.insert.spec
    }

    /// Switches the first idle band on as a bell at a place of the picture.
    fn add_band(&self, across: f64, down: f64) {
        let idle = |band: &usize| self.insert.values.with_untracked(|values| values[band_index(*band, band_param::ON)] < 0.5);
        let Some(band) = (0..BANDS).find(idle) else { return };
        let span = self.values.with_untracked(|values| span_db(working_gains(values)));
        let db = (db_at(down, span) as f32 * 10.0).round() / 10.0;
        let set = [(band_param::ON, 1.0), (band_param::SHAPE, 0.0), (band_param::FREQUENCY, hz_at(across) as f32), (band_param::GAIN, db)];
        self.insert.set_together("add band", &set.map(|(param, value)| (band_index(band, param), value)));
        self.chosen.set(band);
    }
}

/// The equalizer's body.
#[component]
pub fn EqualizerBody(view: InsertView) -> impl IntoView {
    let hints = expect_context::<Studio>().hints;
    let view = EqualizerView { insert: view, values: view.values, chosen: RwSignal::new(0), held: RwSignal::new(false) };
    let handles = (0..BANDS).map(|band| view! { <BandHandle view band /> }).collect_view();
    let columns = (0..BANDS).map(|band| view! { <BandColumn view band /> }).collect_view();
    let spectra = Spectra::new();
    let picture = NodeRef::<Div>::new();
    let add = move |event: MouseEvent| {
        let Some(picture) = picture.get_untracked() else { return };
        let frame = picture.get_bounding_client_rect();
        let part = |at: i32, from: f64, length: f64| ((f64::from(at) - from) / length.max(1.0)).clamp(0.0, 1.0);
        view.add_band(part(event.client_x(), frame.left(), frame.width()), part(event.client_y(), frame.top(), frame.height()));
    };
    let hint = move |_| hints.show("Response", "Double-click adds a band · the switches of the columns do too");
    view! {
        <div class="eq">
            <div class="picture" node_ref=picture on:dblclick=add on:pointerenter=hint>
                <SpectrumLayer view=view.insert spectra />
                <CurvePicture view />
                <SpectrumChoice view=view.insert spectra />
                {handles}
                <Readout view />
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
