//! Leaves over texts.

use std::sync::Arc;

use memchr::memmem::Finder;

use super::form::{Pattern, TextForm};
use super::getter::ReadText;
use super::matcher::{Contains, EndsWith, Equals, Matcher, OneOf, StartsWith, loose};
use super::{Cx, GetText, Test};

/// What can be built from an accessor of texts whose type is known only here.
pub trait TextLeaves<R>: Send + Sync {
    /// A predicate.
    fn test(&self, form: &TextForm) -> Test<R>;
    /// The text itself.
    fn get(&self) -> GetText<R>;
}

/// An accessor of texts.
pub struct TextAccess<F>(pub Arc<F>);

impl<R: 'static, F> TextLeaves<R> for TextAccess<F>
where
    F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r str> + Send + Sync + 'static,
{
    fn test(&self, form: &TextForm) -> Test<R> {
        let read = Arc::clone(&self.0);
        match form {
            TextForm::Present { known } => {
                let known = *known;
                Box::new(move |r, cx| read(r, cx).is_some() == known)
            }
            TextForm::Empty { want } => {
                let want = *want;
                Box::new(move |r, cx| read(r, cx).is_some_and(|text| text.is_empty() == want))
            }
            TextForm::Matches { pattern, ignoring_case: true, want } => matching(read, loose(pattern, true), *want),
            TextForm::Matches { pattern, ignoring_case: false, want } => match pattern {
                Pattern::OneOf(items) => match &**items {
                    [one] => matching(read, Equals(Arc::clone(one)), *want),
                    _ => matching(read, OneOf(Arc::clone(items)), *want),
                },
                Pattern::Contains(needle) => {
                    matching(read, Contains(Finder::new(needle.as_bytes()).into_owned()), *want)
                }
                Pattern::StartsWith(needle) => matching(read, StartsWith(Arc::clone(needle)), *want),
                Pattern::EndsWith(needle) => matching(read, EndsWith(Arc::clone(needle)), *want),
                Pattern::Regex(_) => matching(read, loose(pattern, false), *want),
            },
        }
    }

    fn get(&self) -> GetText<R> {
        Box::new(SharedText(Arc::clone(&self.0)))
    }
}

/// The accessor itself as a getter.
struct SharedText<F>(Arc<F>);

impl<R, F> ReadText<R> for SharedText<F>
where
    F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r str> + Send + Sync,
{
    fn read<'r>(&'r self, r: &'r R, cx: &'r Cx<'_>) -> Option<&'r str> {
        (self.0)(r, cx)
    }
}

fn matching<R: 'static, F, M: Matcher>(read: Arc<F>, matcher: M, want: bool) -> Test<R>
where
    F: for<'r> Fn(&'r R, &'r Cx<'_>) -> Option<&'r str> + Send + Sync + 'static,
{
    Box::new(move |r, cx| read(r, cx).is_some_and(|text| matcher.matches(text) == want))
}
