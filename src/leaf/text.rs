//! Leaves over texts.

use std::sync::Arc;

use super::form::{Pattern, TextForm};
use super::getter::{ReadText, and, then};
use super::matcher::{Contains, EndsWith, Equals, Matcher, OneOf, Pieces, StartsWith, loose};
use super::{Cx, GetText, Next, Test};

/// What can be built from an accessor of texts whose type is known only here.
pub trait TextLeaves<R>: Send + Sync {
    /// A predicate, and what follows it.
    fn test(&self, form: &TextForm, next: Next<R>) -> Test<R>;
    /// The text itself.
    fn get(&self) -> GetText<R>;
}

/// An accessor of texts.
pub struct TextAccess<F>(pub Arc<F>);

impl<F> TextAccess<F> {
    /// Wraps an accessor, which lends what it reads.
    pub fn lending<R>(read: F) -> Self
    where
        F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r str>,
    {
        TextAccess(Arc::new(read))
    }
}

impl<R: 'static, F> TextLeaves<R> for TextAccess<F>
where
    F: ReadText<R> + 'static,
{
    fn test(&self, form: &TextForm, next: Next<R>) -> Test<R> {
        let read = Arc::clone(&self.0);
        match form {
            TextForm::Present { known } => {
                let known = *known;
                and(Box::new(move |r, cx| read.read(r, cx).is_some() == known), next)
            }
            TextForm::Empty { want } => {
                let want = *want;
                and(Box::new(move |r, cx| read.read(r, cx).is_some_and(|text| text.is_empty() == want)), next)
            }
            TextForm::Matches { pattern, ignoring_case: true, want } => {
                and(Box::new(matching(read, loose(pattern, true), *want)), next)
            }
            TextForm::Matches { pattern, ignoring_case: false, want } => match pattern {
                Pattern::OneOf(items) => match &**items {
                    [one] => then(matching(read, Equals::new(one), *want), next),
                    _ => then(matching(read, OneOf::new(items), *want), next),
                },
                Pattern::Contains(needle) => and(Box::new(matching(read, Contains::new(needle), *want)), next),
                Pattern::StartsWith(needle) => then(matching(read, StartsWith::new(needle), *want), next),
                Pattern::EndsWith(needle) => then(matching(read, EndsWith::new(needle), *want), next),
                Pattern::Like(signs) => match Pieces::new(signs) {
                    Some(pieces) => and(Box::new(matching(read, pieces, *want)), next),
                    None => and(Box::new(matching(read, loose(pattern, false), *want)), next),
                },
                Pattern::Regex(_) | Pattern::Version(..) => {
                    and(Box::new(matching(read, loose(pattern, false), *want)), next)
                }
            },
        }
    }

    fn get(&self) -> GetText<R> {
        Box::new(SharedText(Arc::clone(&self.0)))
    }
}

/// The accessor itself as a getter.
struct SharedText<F>(Arc<F>);

impl<R, F: ReadText<R>> ReadText<R> for SharedText<F> {
    fn read<'r>(&'r self, r: &'r R, cx: &'r Cx<'_>) -> Option<&'r str> {
        self.0.read(r, cx)
    }
}

fn matching<R: 'static, F, M: Matcher>(
    read: Arc<F>,
    matcher: M,
    want: bool,
) -> impl Fn(&R, &Cx<'_>) -> bool + Send + Sync + 'static
where
    F: ReadText<R> + 'static,
{
    move |r, cx| read.read(r, cx).is_some_and(|text| matcher.matches(text) == want)
}
