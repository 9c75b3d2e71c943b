//! What becomes of a finding: allowed, a warning or an error, by the host and by comments in the files.

use std::sync::Arc;

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Level, Lint, Lints, Severity, Sources, Span, nearest};
use crate::syntax::ast::File;
use crate::syntax::comments::{Comment, comments};

/// How a comment begins that speaks to the library.
const MARK: &str = "nextbest:";
/// What follows the levels of a whole file.
const WHOLE_FILE: &str = "in this file";

/// A level that a comment sets for one lint.
struct Rule {
    lint: Lint,
    level: Level,
    /// Where the name of the lint stands.
    span: Span,
    /// The bytes it is about; a finding belongs to the place where it begins.
    scope: Range<u32>,
    met: bool,
}

/// Drops the warnings that are allowed, makes errors of those that are denied, and adds what is wrong with the comments.
pub(crate) fn apply(found: Vec<Diagnostic>, files: &[Arc<File>], sources: &Sources, lints: &Lints) -> Vec<Diagnostic> {
    let mut noted = Vec::new();
    let mut rules = rules(files, sources, &mut noted);
    // What a mistake hides is no reason to complain of a comment about it.
    let whole = !found.iter().any(Diagnostic::is_error);
    let mut kept = Vec::with_capacity(found.len());
    let mut judge = |rules: &mut [Rule], diagnostics: Vec<Diagnostic>| {
        kept.extend(diagnostics.into_iter().filter_map(|diagnostic| judged(diagnostic, rules, lints)));
    };
    judge(&mut rules, found);
    judge(&mut rules, noted);
    if whole {
        for about_comments in [false, true] {
            let idle = rules.iter().filter(|rule| rule.is_idle() && (rule.lint == Lint::IdleComment) == about_comments);
            let idle = idle.map(idle_comment).collect();
            judge(&mut rules, idle);
        }
    }
    kept
}

impl Rule {
    fn is_idle(&self) -> bool {
        self.level == Level::Allow && !self.met
    }

    fn concerns(&self, lint: Lint, at: Span) -> bool {
        self.lint == lint && self.span.file == at.file && self.scope.contains(&at.start)
    }
}

fn judged(diagnostic: Diagnostic, rules: &mut [Rule], lints: &Lints) -> Option<Diagnostic> {
    let Some(lint) = diagnostic.lint else { return Some(diagnostic) };
    let mut host = lints.level(lint);
    // The nearest is the one about the least; of two alike the later.
    let nearest = rules.iter_mut().rev().filter(|rule| rule.concerns(lint, diagnostic.span));
    let nearest = nearest.min_by_key(|rule| rule.scope.end.saturating_sub(rule.scope.start));
    if let Some(rule) = nearest {
        rule.met = true;
        if host == Level::Deny && rule.level != Level::Deny {
            let denied = Diagnostic { severity: Severity::Error, ..diagnostic };
            return Some(denied.related(rule.span, "the program denies this: no comment can allow it"));
        }
        host = rule.level;
    }
    match host {
        Level::Allow => None,
        Level::Warn => Some(diagnostic),
        Level::Deny => Some(Diagnostic { severity: Severity::Error, ..diagnostic }),
    }
}

fn idle_comment(rule: &Rule) -> Diagnostic {
    Diagnostic::warning(Lint::IdleComment, rule.span, format!("nothing here is told of `{}`", rule.lint))
        .label("there is nothing to allow")
        .help("remove it from the comment")
}

fn rules(files: &[Arc<File>], sources: &Sources, out: &mut Vec<Diagnostic>) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (file, number) in files.iter().zip(0u32..) {
        let text = sources.text(number).unwrap_or("");
        if !text.contains(MARK) {
            continue;
        }
        for comment in comments(text) {
            let Some(said) = comment.text.trim_start_matches('#').trim_start().strip_prefix(MARK) else { continue };
            let from = comment.start.saturating_add(comment.text.len()).saturating_sub(said.len());
            let reader = Reader { file, number, text, comment, from };
            reader.read(said, &mut rules, out);
        }
    }
    rules
}

/// Reads one comment.
struct Reader<'a> {
    file: &'a File,
    number: u32,
    text: &'a str,
    comment: Comment<'a>,
    /// Byte at which begins what it says.
    from: usize,
}

impl Reader<'_> {
    /// `allow(one, other) in this file`
    fn read(&self, said: &str, rules: &mut Vec<Rule>, out: &mut Vec<Diagnostic>) {
        let trimmed = said.trim();
        let (word, rest) = trimmed.split_once('(').unwrap_or((trimmed, ""));
        let level = Level::ALL.iter().copied().find(|level| level.name() == word.trim());
        let parts = rest.split_once(')').map(|(names, after)| (names, after.trim()));
        let (Some(level), Some((names, after))) = (level, parts) else {
            let help = "write `# nextbest: allow(…)`, `warn(…)` or `deny(…)`, with names of lints in the parentheses";
            return out.push(self.idle(trimmed, "this comment is not understood", help));
        };
        if !after.is_empty() && after != WHOLE_FILE {
            let help = format!("write nothing, or `{WHOLE_FILE}`");
            return out.push(self.idle(after, "this comment is not understood", &help));
        }
        if !self.comment.alone {
            return out.push(self.idle(
                trimmed,
                "this comment needs a line of its own",
                "write it above what it is about",
            ));
        }
        let Some(scope) = self.scope(after == WHOLE_FILE) else {
            return out.push(self.idle(trimmed, "nothing follows this comment", "write it above what it is about"));
        };
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match Lint::named(name) {
                Some(lint) => {
                    rules.push(Rule { lint, level, span: self.span(name), scope: scope.clone(), met: false });
                }
                None => out.push(self.unknown(name)),
            }
        }
    }

    /// The whole file, the statement that follows, or inside a statement the line that follows; itself included.
    fn scope(&self, whole_file: bool) -> Option<Range<u32>> {
        if whole_file {
            return Some(0..u32::MAX);
        }
        let at = place(self.comment.start);
        let statements = self.file.statements.iter().map(|statement| statement.span);
        let next = statements.clone().find(|span| span.end > at)?;
        if next.start > at {
            return Some(at..next.end);
        }
        let start = self.comment.next?;
        let length = self.text.get(start..)?.lines().next().map_or(0, str::len);
        Some(at..place(start.saturating_add(length)))
    }

    fn unknown(&self, name: &str) -> Diagnostic {
        let span = self.span(name);
        let warning = Diagnostic::warning(Lint::IdleComment, span, format!("there is no lint `{name}`"));
        match nearest(name, Lint::ALL.iter().map(|lint| lint.name())) {
            Some(near) => warning.help(format!("did you mean `{near}`?")).suggest(span, near),
            None => warning.help("a warning names its lint beside its code, as in `warning[NB0409 number_equality]`"),
        }
    }

    fn idle(&self, part: &str, message: &str, help: &str) -> Diagnostic {
        Diagnostic::warning(Lint::IdleComment, self.span(part), message).label("it changes nothing").help(help)
    }

    /// Where a part of the comment stands.
    fn span(&self, part: &str) -> Span {
        let said = self.text.get(self.from..).unwrap_or("");
        let offset =
            (part.as_ptr() as usize).checked_sub(said.as_ptr() as usize).filter(|offset| *offset <= said.len());
        let start = self.from.saturating_add(offset.unwrap_or(0));
        Span { file: self.number, start: place(start), end: place(start.saturating_add(part.len())) }
    }
}

/// Places are 32 bits; a longer file is never read.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
