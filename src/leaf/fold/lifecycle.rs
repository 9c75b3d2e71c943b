//! The stage of a customer's life with a kind of event.

use super::kind::Rows;
use super::measure::Measure;
use crate::leaf::getter::Test;
use crate::leaf::history::{end, open};
use crate::leaf::scratch::Found;
use crate::leaf::{Cx, History};

const NEVER: i64 = 0;
const NEW: i64 = 1;
const RETURNING: i64 = 2;
const RESURRECTED: i64 = 3;
const DORMANT: i64 = 4;
const LAPSED: i64 = 5;

/// By what there is in the current period, the previous one and before; `recent` and `previous` are the times of the
/// first two. Missing where a history that starts late leaves it open.
pub(super) fn lifecycle<H: History>(recent: usize, previous: usize) -> Measure<H> {
    Box::new(move |all, filter, cx| {
        let (current, last) = (cx.time(recent), cx.time(previous));
        let earlier = (i64::MIN, last.0.saturating_sub(1));
        let any = |bounds| any(all, bounds, filter, cx);
        let stage = match any(current) {
            None => None,
            Some(true) => match (any(last), any(earlier)) {
                (Some(true), _) => Some(RETURNING),
                (Some(false), Some(true)) => Some(RESURRECTED),
                (Some(false), Some(false)) => Some(NEW),
                (None, _) | (_, None) => None,
            },
            Some(false) => match any(last) {
                Some(true) => Some(DORMANT),
                Some(false) => any(earlier).map(|earlier| if earlier { LAPSED } else { NEVER }),
                None => None,
            },
        };
        stage.map_or(Found::Missing, Found::Known)
    })
}

/// Whether a row in these bounds is kept; `None` where one may be lacking.
fn any<H: History>(
    all: &Rows<'_, '_, H>,
    (low, high): (i64, i64),
    filter: Option<&Test<H>>,
    cx: &Cx<'_>,
) -> Option<bool> {
    let recent = (0..end(all.history, cx, high)).rev().take_while(|&row| all.history.at(cx, row).millis() >= low);
    match all.find(filter, cx, recent) {
        Some(_) => Some(true),
        None if open(all.history, low, high) => None,
        None => Some(false),
    }
}
