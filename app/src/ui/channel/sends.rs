//! The sends of a strip: pan in the return, before or after the fader. Their levels stand in the console's rows.

use dsp::engine::send_param;
use dsp::protocol::{SendId, StripId};
use leptos::prelude::*;
use session::Edit;

use crate::state::Studio;
use crate::ui::editors::param_row_class;
use crate::ui::widgets::{BarLook, Button, ButtonLook, Icon, IconView, Switch, ValueBar};

/// The strip's sends, once it has any.
#[component]
pub fn ChannelSends(strip: StripId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let sends = studio.strip_memo(strip, |strip| strip.sends.iter().map(|send| send.id).collect::<Vec<_>>());
    view! {
        <Show when=move || sends.with(|sends| !sends.is_empty())>
            <div class="channel-rows" role="group" aria-label="Sends">
                <For each=move || sends.get() key=|send| *send children=move |send| view! { <SendRow strip send /> } />
            </div>
        </Show>
    }
}

#[component]
fn SendRow(strip: StripId, send: SendId) -> impl IntoView {
    let studio = expect_context::<Studio>();
    let to = studio.peek_strip(strip, |strip| strip.send(send).map(|send| send.to)).flatten().unwrap_or(strip);
    let returned = studio.strip_memo(to, |strip| strip.name.clone());
    let is_pre = studio.strip_memo(strip, move |strip| strip.send(send).is_some_and(|send| send.pre));
    let pan_name = Signal::derive(move || format!("Pan to {}", returned.get()));
    let set_pre = move |pre: bool| {
        if let Some(song) = studio.peek_song_id() {
            let step = studio.step_name(
                strip,
                &format!("send to {} {}", returned.get_untracked(), if pre { "before the fader" } else { "after the fader" }),
            );
            studio.dispatch(step, Edit::SetSendPre { song, strip, send, pre });
        }
    };
    let remove = move |()| {
        if let Some(song) = studio.peek_song_id() {
            let step = studio.step_name(strip, &format!("remove send to {}", returned.get_untracked()));
            studio.dispatch(step, Edit::RemoveSend { song, strip, send });
        }
    };
    let pre_name = format!("Send to {} before the fader", returned.get_untracked());
    let remove_name = format!("Remove send to {}", returned.get_untracked());
    view! {
        <div class=param_row_class()>
            <span class="param-name">{returned}</span>
            <span class="send-row">
                <ValueBar control=studio.send_control(strip, send, send_param::PAN) name=pan_name look=BarLook::Tick />
                <Switch name=pre_name caption="Pre" hint="Takes the signal before the fader" on=is_pre on_change=set_pre />
                <Button look=ButtonLook::Quiet class="is-icon is-small" name=remove_name on_press=remove>
                    <IconView icon=Icon::Remove />
                </Button>
            </span>
        </div>
    }
}
