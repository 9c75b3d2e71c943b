//! Puts comments and empty lines back between the tokens of a printed statement.

use super::super::scan::{Kind, Scanner, Token};
use super::gap::{Comment, Gap};

/// What one more level is indented by.
const STEP: usize = 2;

/// The comments that go between two printed tokens.
#[derive(Default, Clone)]
struct Slot<'a> {
    /// Each with whether it comes from right behind the token before, and its number in the source.
    comments: Vec<(bool, usize, Comment<'a>)>,
    blank: bool,
}

/// A statement with its comments; those that end up behind it are returned for whoever joins the statements.
pub(super) fn weave<'a>(
    printed: &str,
    source: &[Token<'a>],
    gaps: &[Gap<'a>],
    images: &[Option<usize>],
) -> (String, Vec<Comment<'a>>) {
    let tokens: Vec<Token<'_>> = Scanner::new(printed).collect();
    let mut slots = collect(source, gaps, images, tokens.len());
    settle(&mut slots, &tokens);
    let mut out = String::with_capacity(printed.len().saturating_mul(2));
    let mut before: Option<&Token<'_>> = None;
    for (token, slot) in tokens.iter().zip(&slots) {
        if let Some(before) = before {
            let blanks = printed.get(before.end()..token.start).unwrap_or("");
            let lines = Lines::between(printed, before, blanks, token);
            lines.write(&mut out, blanks, slot);
        }
        out.push_str(token.text);
        before = Some(token);
    }
    let behind = slots.pop().map(|slot| slot.comments).unwrap_or_default();
    (out, behind.into_iter().map(|(_, _, comment)| comment).collect())
}

/// A comment at the end of a line stays behind the token that it follows, one on its own line before the next one.
fn collect<'a>(source: &[Token<'a>], gaps: &[Gap<'a>], images: &[Option<usize>], printed: usize) -> Vec<Slot<'a>> {
    let mut slots = vec![Slot::default(); printed.saturating_add(1)];
    let mut number: usize = 0;
    // Behind the last token that is printed; and whether a comment since then went before the next one already.
    let (mut behind, mut ahead) = (0, false);
    for ((index, _), gap) in source.iter().enumerate().zip(gaps) {
        let image = |at: usize| images.get(at).copied().flatten();
        if !gap.comments.is_empty() {
            let next = (index..source.len()).find_map(image).unwrap_or(printed);
            for comment in &gap.comments {
                ahead |= comment.own_line;
                let at = if ahead { next } else { behind };
                if let Some(slot) = slots.get_mut(at) {
                    slot.comments.push((behind != at, number, *comment));
                }
                number = number.saturating_add(1);
            }
        }
        if let Some(at) = image(index) {
            if let Some(slot) = slots.get_mut(at) {
                slot.blank = gap.blank;
            }
            (behind, ahead) = (at.saturating_add(1), false);
        }
    }
    slots
}

/// Orders each slot, and moves what stands where no line may break on to where one may.
fn settle(slots: &mut [Slot<'_>], tokens: &[Token<'_>]) {
    let mut moved = Vec::new();
    for (index, slot) in slots.iter_mut().enumerate() {
        slot.comments.sort_by_key(|(apart, number, _)| (*apart, *number));
        moved.append(&mut slot.comments);
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        let breakable = match (before, tokens.get(index)) {
            (Some(before), Some(next)) => {
                before.end() < next.start || before.kind == Kind::Open || next.kind == Kind::Close
            }
            (before, _) => before.is_some(),
        };
        if breakable {
            slot.comments.append(&mut moved);
        }
    }
}

/// How the lines between two tokens are laid out.
struct Lines {
    /// Whether printing breaks the line here anyway.
    broken: bool,
    after_open: bool,
    before_close: bool,
    comment: usize,
    next: usize,
}

impl Lines {
    fn between(printed: &str, before: &Token<'_>, blanks: &str, token: &Token<'_>) -> Self {
        let before_close = token.kind == Kind::Close;
        let (broken, next) = match blanks.rsplit_once('\n') {
            Some((_, indent)) => (true, indent.len()),
            None => {
                let line = printed.get(..before.start).and_then(|text| text.rsplit('\n').next()).unwrap_or("");
                let indent = match line.trim_start_matches(' ').is_empty() {
                    true => line.len(),
                    false => line.len().saturating_sub(line.trim_start_matches(' ').len()),
                };
                (false, if before_close { indent } else { indent.saturating_add(STEP) })
            }
        };
        let comment = if before_close { next.saturating_add(STEP) } else { next };
        Lines { broken, after_open: before.kind == Kind::Open, before_close, comment, next }
    }

    fn write(&self, out: &mut String, blanks: &str, slot: &Slot<'_>) {
        let blank = slot.blank && !self.before_close;
        if slot.comments.is_empty() {
            let keep = blank && self.broken && !self.after_open;
            if keep {
                out.push('\n');
            }
            return out.push_str(blanks);
        }
        for (index, (_, _, comment)) in slot.comments.iter().enumerate() {
            let first = index == 0;
            if first && !comment.own_line {
                out.push_str("  ");
            } else {
                new_line(out, comment.after_blank && !(first && self.after_open), self.comment);
            }
            out.push_str(comment.text);
        }
        new_line(out, blank, self.next);
    }
}

fn new_line(out: &mut String, blank: bool, indent: usize) {
    out.push_str(if blank { "\n\n" } else { "\n" });
    out.extend(std::iter::repeat_n(' ', indent));
}
