//! The chain of a strip as a list: power, name, gain reduction, order, and a small picture of what each processor does.

use dsp::protocol::{InsertId, StripId};
use leptos::prelude::*;

use crate::state::Studio;
use crate::ui::console::{Reduction, shift, toggle_bypass};
use crate::ui::editors::Thumbnail;
use crate::ui::widgets::{Button, ButtonLook, Icon, IconView, ToggleButton};

/// The list "Chain".
#[component]
pub fn Chain(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let inserts = studio.strip_memo(strip, |strip| strip.inserts.iter().map(|insert| insert.id).collect::<Vec<_>>());
    view! {
        <ol class="channel-chain" aria-label="Chain">
            <For each=move || inserts.get() key=|insert| *insert children=move |insert| view! { <ChainRow strip insert /> } />
        </ol>
        <Show when=move || inserts.with(Vec::is_empty)>
            <p class="channel-empty">"No inserts yet. Add one in the strip's first row."</p>
        </Show>
    }
}

#[component]
fn ChainRow(strip: StripId, insert: InsertId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let name = studio.strip_memo(strip, move |strip| strip.insert(insert).map(|insert| insert.name().to_owned()).unwrap_or_default());
    let is_on = studio.strip_memo(strip, move |strip| strip.insert(insert).is_some_and(|insert| !insert.bypassed));
    let is_open = Memo::new(move |_| studio.editors.with(|editors| editors.contains(&insert)));
    let called = move |what: &str| format!("{what} {}", name.get_untracked());
    view! {
        <li class:is-open=is_open>
            <ToggleButton look=ButtonLook::Quiet class="is-small is-icon channel-power" name=called("Power of") pressed=is_on on_press=move |_| toggle_bypass(studio, strip, insert)>
                <i class="channel-power-dot"></i>
            </ToggleButton>
            <button type="button" class="channel-insert" aria-expanded=move || if is_open.get() { "true" } else { "false" } on:click=move |_| studio.toggle_editor(insert)>
                {name}
            </button>
            <span class="channel-reduction"><Reduction insert /></span>
            <Button look=ButtonLook::Quiet class="is-small is-icon" name=called("Earlier:") hint="One place earlier in the chain" on_press=move |()| shift(studio, strip, insert, -1)>
                <IconView icon=Icon::Up />
            </Button>
            <Button look=ButtonLook::Quiet class="is-small is-icon" name=called("Later:") hint="One place later in the chain" on_press=move |()| shift(studio, strip, insert, 1)>
                <IconView icon=Icon::Down />
            </Button>
            <div class="channel-picture" on:click=move |_| studio.toggle_editor(insert)><Thumbnail strip insert /></div>
        </li>
    }
}
