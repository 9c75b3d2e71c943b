//! What contact policies say.

use super::super::expression::Checker;
use super::super::tree::{Block, Cap, Channel, Expr, Limit, PerDecision, Policy, Quiet, Rest, Sign};
use super::super::words;
use super::super::world::{self, World, suggest};
use super::channel;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::schema::{Outcome, Sharing, Type};
use crate::syntax::ast::{self, CapPeriod, Level, Name, Otherwise, PolicyLine, Spanned};
use crate::time::{CivilWindow, Period, Zone};

/// Checks the lines of one policy against its world.
pub(super) struct Lines<'a> {
    pub policy: &'a str,
    pub channels: &'a [Channel],
    pub world: &'a World,
    pub out: &'a mut Vec<Diagnostic>,
}

impl Lines<'_> {
    /// Adds what a line says to what others said.
    pub fn line(&mut self, line: &Spanned<PolicyLine>, policy: &mut Policy) {
        match &line.node {
            PolicyLine::Cap(cap) => policy.caps.extend(self.cap(cap, line.span)),
            PolicyLine::Quiet(quiet) => policy.quiets.extend(self.quiet(quiet, line.span)),
            PolicyLine::Rest(rest) => policy.rests.extend(self.rest(rest, line.span)),
            PolicyLine::Block(block) => policy.blocks.extend(self.block(block, line.span)),
            PolicyLine::Limit(limit) => policy.limits.extend(self.limit(limit, line.span)),
            PolicyLine::Prefer(prefer) => self.prefer(prefer, line.span, policy),
        }
    }

    fn cap(&mut self, cap: &ast::Cap, span: Span) -> Option<Cap> {
        let of = match &cap.of {
            Some(part) => Some(self.part(part)?),
            None => None,
        };
        let channel = match &cap.channel {
            Some(name) => Some(channel::named(name, self.channels, self.out)?),
            None => None,
        };
        let (mut own, mut per) = (None, None);
        let limit = match &cap.limit.node {
            ast::Limit::Never => None,
            ast::Limit::AtMost { count, own: wish, period, zone, per: whose } => {
                let at_most = match count.node {
                    0 => return self.fail(none_at_all(count.span, cap.limit.span)),
                    _ => self.count(count, "a cap is a number of contacts")?,
                };
                let window = match period {
                    CapPeriod::Rolling(span) => CivilWindow::Last(self.period(span)?),
                    CapPeriod::Calendar(unit) => CivilWindow::This(*unit),
                };
                if let Some(wish) = wish {
                    own = Some(self.wish(wish)?);
                }
                if let Some(whose) = whose {
                    per = self.per(whose)?;
                }
                self.contacts(span, "there is nothing to count", "cap")?;
                Some(Limit { at_most, window, zone: self.zone(zone.as_ref())? })
            }
        };
        let bundles = of.as_ref().map(|path| self.world.actions.bundles_of(path)).unwrap_or_default();
        Some(Cap { policy: self.policy.to_owned(), kind: cap.kind, of, bundles, channel, limit, own, per, span })
    }

    /// What a customer wishes: a whole number.
    fn wish(&mut self, written: &ast::Expr) -> Option<Expr> {
        let checked = Checker::new(self.world, self.out).value(written, Some(&Type::Int))?;
        match checked.ty {
            Type::Int => Some(checked),
            _ => self.fail(
                Diagnostic::error(Code::TypeMismatch, checked.span, "a whole number is needed here")
                    .label(words::this_is(&checked.ty))
                    .help("how many contacts the customer wishes at most"),
            ),
        }
    }

    /// Whose contacts a cap counts.
    fn per(&mut self, word: &Name) -> Option<Option<Sharing>> {
        let lower = word.node.to_ascii_lowercase();
        if lower == "person" {
            return Some(None);
        }
        let Some(sharing) = Sharing::ALL.into_iter().find(|sharing| sharing.word() == lower) else {
            let error =
                Diagnostic::error(Code::UnknownName, word.span, format!("nothing is counted per `{}`", word.node))
                    .label("`person`, `household`, `address` or `identity`");
            let known = Sharing::ALL.iter().map(|sharing| sharing.word()).chain(["person"]);
            return self.fail(suggest(error, word.span, &word.node, known));
        };
        match self.world.shape.shared.contains(&sharing) {
            true => Some(Some(sharing)),
            false => self.fail(
                Diagnostic::error(Code::MissingSetting, word.span, "the program's customer has no such contacts")
                    .label(format!("whose contacts are those of the {lower}?"))
                    .help("give the customer type its shared contacts, or count per person"),
            ),
        }
    }

    /// The whole path of a part of the catalogue.
    fn part(&mut self, part: &ast::Part) -> Option<String> {
        let path = match self.world.actions.named(&part.path, None) {
            Ok(path) => path,
            Err(error) => return self.fail(*error),
        };
        let found = match path.split('.').count() {
            1 => Level::Program,
            2 => Level::Campaign,
            _ => Level::Action,
        };
        match part.level.filter(|level| *level != found) {
            None => Some(path),
            Some(level) => self.fail(
                Diagnostic::error(Code::WrongScope, part.path.span, format!("`{path}` is no {}", level.word()))
                    .label(format!("it is the path of a whole {}", found.word()))
                    .help(format!("write `of {} {path}`", found.word())),
            ),
        }
    }

    fn quiet(&mut self, quiet: &ast::Quiet, span: Span) -> Option<Quiet> {
        let channels = quiet.channels.iter().map(|name| channel::named(name, self.channels, self.out));
        // All are looked at before any failure counts.
        let channels = channels.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>();
        let zone = self.zone(quiet.zone.as_ref());
        let (from, to) = (quiet.from.node, quiet.to.node);
        if from == to {
            return self.fail(
                Diagnostic::error(Code::ReversedBounds, quiet.from.span.to(quiet.to.span), "no hour lies in this time")
                    .label("it begins when it ends")
                    .help("if nothing may ever be sent, write `cap marketing on … never`"),
            );
        }
        let waits = quiet.otherwise == Otherwise::Wait;
        Some(Quiet { policy: self.policy.to_owned(), from, to, zone: zone?, channels: channels?, waits, span })
    }

    fn rest(&mut self, rest: &ast::Rest, span: Span) -> Option<Rest> {
        let length = self.period(&rest.length);
        let within = self.period(&rest.within);
        let outcome = self.sign(&rest.outcome);
        let without = rest.without.as_ref().map(|word| self.sign(word));
        if rest.count.node == 0 {
            return self.fail(
                Diagnostic::error(Code::BadNumber, rest.count.span, "a rest after nothing would never begin")
                    .label("at least 1"),
            );
        }
        let count = self.count(&rest.count, "a rest begins with a number of outcomes")?;
        self.contacts(span, "nobody knows what came of them", "rest")?;
        let without = match without {
            Some(sign) => Some(sign?),
            None => None,
        };
        Some(Rest {
            policy: self.policy.to_owned(),
            each: rest.each,
            length: length?,
            count,
            outcome: outcome?,
            within: within?,
            without,
            span,
        })
    }

    fn block(&mut self, block: &ast::Block, span: Span) -> Option<Block> {
        let when = Checker::new(self.world, self.out).condition(&block.when);
        let Some(because) = &block.because else {
            return self.fail(
                Diagnostic::error(Code::MissingSetting, span, "this block gives no reason")
                    .label("why?")
                    .help("write the reason after it: `because \"service first\"`"),
            );
        };
        let (policy, because) = (self.policy.to_owned(), because.node.clone());
        Some(Block { policy, kind: block.kind, when: when?, because, span })
    }

    fn limit(&mut self, limit: &ast::PerDecision, span: Span) -> Option<PerDecision> {
        if limit.each == Level::Action {
            return self.fail(
                Diagnostic::error(Code::WrongScope, span, "an action is shown once in a decision anyway")
                    .label("write `limit each campaign` or `limit each program`"),
            );
        }
        if limit.most.node == 0 {
            return self.fail(
                Diagnostic::error(Code::BadNumber, limit.most.span, "nothing would ever be shown").label("at least 1"),
            );
        }
        let most = self.count(&limit.most, "a limit is a number of actions")?;
        Some(PerDecision { policy: self.policy.to_owned(), each: limit.each, most, span })
    }

    fn sign(&mut self, word: &Name) -> Option<Sign> {
        let lower = word.node.to_ascii_lowercase();
        match SIGNS.iter().find(|(words, _)| words.contains(&lower.as_str())) {
            Some((_, sign)) => Some(*sign),
            None => {
                let error =
                    Diagnostic::error(Code::UnknownName, word.span, format!("there is no outcome `{}`", word.node));
                let error = error.label("of a contact that was sent or shown");
                let known = SIGNS.iter().flat_map(|(words, _)| words.iter().copied());
                self.fail(suggest(error, word.span, &word.node, known))
            }
        }
    }

    /// `None` where the zone is not known; without one `Some(None)`.
    fn zone(&mut self, name: Option<&Name>) -> Option<Option<Zone>> {
        match name {
            Some(name) => world::zone(&name.node, name.span, self.out).map(Some),
            None => Some(None),
        }
    }

    fn count(&mut self, count: &Spanned<i64>, label: &str) -> Option<u32> {
        match u32::try_from(count.node) {
            Ok(count) => Some(count),
            Err(_) => {
                self.fail(Diagnostic::error(Code::BadNumber, count.span, "this number is too large").label(label))
            }
        }
    }

    fn period(&mut self, written: &Spanned<ast::Duration>) -> Option<Period> {
        match written.node.period.is_zero() {
            true => self.fail(
                Diagnostic::error(Code::ReversedBounds, written.span, "this is no time at all")
                    .label("no moment lies in this period"),
            ),
            false => Some(written.node.period),
        }
    }

    fn contacts(&mut self, span: Span, label: &str, line: &str) -> Option<()> {
        match self.world.shape.contacts {
            true => Some(()),
            false => self.fail(
                Diagnostic::error(Code::MissingSetting, span, "the program's customer has no contact history")
                    .label(label)
                    .help(format!("give the customer type its contacts, or leave the {line} out")),
            ),
        }
    }

    fn fail<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.out.push(diagnostic);
        None
    }
}

/// What rests call outcomes: of one, of several, and as `exposed(…)` and its like do. A contact that is not sent yet, failed or
/// was withheld has reached nobody, so nobody need rest after it.
const SIGNS: [(&[&str], Sign); 10] = [
    (&["exposure", "exposures", "exposed"], Sign::Exposed),
    (&["impression", "impressions"], Sign::Outcome(Outcome::Impression)),
    (&["sending", "sendings", "sent"], Sign::Outcome(Outcome::Sent)),
    (&["delivery", "deliveries", "delivered"], Sign::Outcome(Outcome::Delivered)),
    (&["open", "opens", "opened"], Sign::Outcome(Outcome::Opened)),
    (&["click", "clicks", "clicked"], Sign::Outcome(Outcome::Clicked)),
    (&["accept", "accepts", "accepted"], Sign::Outcome(Outcome::Accepted)),
    (&["reject", "rejects", "rejected"], Sign::Outcome(Outcome::Rejected)),
    (&["conversion", "conversions", "converted"], Sign::Outcome(Outcome::Converted)),
    (&["unsubscribe", "unsubscribes", "unsubscribed"], Sign::Outcome(Outcome::Unsubscribed)),
];

fn none_at_all(count: Span, limit: Span) -> Diagnostic {
    Diagnostic::error(Code::BadNumber, count, "a cap of 0 can be understood in two ways")
        .label("nothing, or no limit?")
        .help("if nothing may be sent, write `never`; if there is no limit, leave the cap out")
        .suggest(limit, "never")
}
