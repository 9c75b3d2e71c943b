//! Statements other than programs.

use super::expr::compare_op;
use super::grammar::{Pair, Rule};
use super::lower::{Lower, child, inner};
use super::repair;
use crate::diagnostic::{Code, Diagnostic, Span, nearest};
use crate::syntax::ast::{
    Band, Cell, ConsentPath, Direction, Expr, Field, GroupRow, Name, Outline, Party, Provenance, Setting, SlotPlace,
    Spanned, StageRow, Statement, StatementKind, TypeKind, TypeName,
};

const TYPES: [&str; 17] = [
    "bool", "int", "number", "percent", "money", "text", "enum", "date", "instant", "time", "zone", "version", "point",
    "distance", "id", "list", "map",
];
const LATER_TYPES: [&str; 1] = ["duration"];

impl Lower<'_> {
    /// The statement that an entry rule matched.
    pub fn statement(&mut self, pair: Pair<'_>) -> Option<Statement> {
        // The last pair is the end of input, the one before it the last thing written.
        let last = inner(&pair).rev().find(|part| part.as_rule() != Rule::EOI)?;
        let span = self.span(&inner(&pair).next()?).to(self.span(&last));
        let name = child(&pair, Rule::name).map(|name| self.name(&name));
        let node = match pair.as_rule() {
            Rule::ruleset_statement => StatementKind::Ruleset { name: name?, settings: self.settings(&pair) },
            Rule::profile_statement => StatementKind::Profile { fields: self.fields(&pair)? },
            Rule::context_statement => StatementKind::Context { fields: self.fields(&pair)? },
            Rule::event_statement => match child(&pair, Rule::members) {
                Some(members) => {
                    let members = inner(&members).map(|member| self.name(&member)).collect();
                    StatementKind::EventGroup { name: name?, members }
                }
                None => StatementKind::Event { name: name?, fields: self.fields(&pair)? },
            },
            Rule::catalog_statement => StatementKind::Catalog { name: name?, fields: self.fields(&pair)? },
            Rule::list_statement => {
                let values = child(&pair, Rule::list).map(|list| self.exprs(&list));
                StatementKind::List { name: name?, values: values.map_or(Some(None), |values| values.map(Some))? }
            }
            Rule::region_statement => {
                let outline = child(&pair, Rule::outline).map(|outline| self.outline(&outline));
                StatementKind::Region { name: name?, outline: outline.map_or(Some(None), |outline| outline.map(Some))? }
            }
            Rule::let_statement => {
                StatementKind::Let { name: name?, zone: self.zone(&pair), value: self.only_expr(&pair)? }
            }
            Rule::score_statement => self.score(&pair, name?)?,
            Rule::group_statement => self.group(&pair)?,
            Rule::stages_statement => {
                let rows = inner(&pair).filter(|part| part.as_rule() == Rule::stage_row);
                let rows = rows.map(|row| self.stage_row(&row)).collect::<Option<_>>()?;
                StatementKind::Stages { name: name?, zone: self.zone(&pair), rows }
            }
            Rule::segment_statement => {
                let doc = child(&pair, Rule::doc).and_then(|doc| inner(&doc).next()).map(|doc| self.doc(&doc));
                StatementKind::Segment { name: name?, doc, zone: self.zone(&pair), when: self.only_expr(&pair)? }
            }
            Rule::channel_statement => self.channel(&pair, name?)?,
            Rule::policy_statement => StatementKind::Policy { name: name?, lines: self.policy(&pair)? },
            Rule::tiers_statement => self.tiers(&pair),
            Rule::holdout_statement => self.holdout(&pair, name?)?,
            Rule::explore_statement => StatementKind::Explore(self.explore(&pair)?),
            Rule::objective_statement => self.objective(&pair, name?)?,
            Rule::priority_statement => StatementKind::Priority { value: self.only_expr(&pair)? },
            Rule::threshold_statement => StatementKind::Threshold { value: self.only_expr(&pair)? },
            Rule::clause_statement => StatementKind::Clause(self.clause(&child(&pair, Rule::clause)?)?),
            Rule::program_statement => self.program(&pair, name?)?,
            Rule::test_statement => self.test(&pair)?,
            Rule::check_statement => self.check(&pair)?,
            _ => return None,
        };
        Some(Spanned { node, span })
    }

    fn outline(&mut self, pair: &Pair<'_>) -> Option<Outline> {
        let corners = self.corners(pair)?;
        let holes = inner(pair).filter(|part| part.as_rule() == Rule::hole);
        let holes = holes.map(|hole| Some(Spanned { node: self.corners(&hole)?, span: self.span(&hole) }));
        Some(Outline { corners, holes: holes.collect::<Option<_>>()? })
    }

    fn corners(&mut self, pair: &Pair<'_>) -> Option<Vec<Expr>> {
        let corners = child(pair, Rule::corners)?;
        inner(&corners).filter(|part| part.as_rule() == Rule::arith).map(|corner| self.expr(&corner)).collect()
    }

    fn doc(&mut self, pair: &Pair<'_>) -> Name {
        if pair.as_rule() == Rule::foreign_text {
            self.foreign_text(pair);
        }
        self.text(pair)
    }

    pub(super) fn only_expr(&mut self, pair: &Pair<'_>) -> Option<Expr> {
        self.expr(&child(pair, Rule::expr)?)
    }

    pub(super) fn zone(&mut self, pair: &Pair<'_>) -> Option<Name> {
        let zone = child(pair, Rule::in_zone)?;
        Some(self.text(&child(&zone, Rule::text)?))
    }

    fn settings(&mut self, pair: &Pair<'_>) -> Vec<Spanned<Setting>> {
        let mut settings = Vec::new();
        for part in inner(pair) {
            let span = self.span(&part);
            let Some(value) = inner(&part).next_back() else { continue };
            let node = match part.as_rule() {
                Rule::zone_setting => Setting::Zone(self.text(&value)),
                Rule::week_setting => Setting::WeekStarts(self.name(&value)),
                Rule::currency_setting => Setting::Currency(self.name(&value)),
                Rule::leap_setting => Setting::LeapDay(self.leap_day(&value)),
                Rule::hemisphere_setting => Setting::Hemisphere(self.name(&value)),
                _ => continue,
            };
            settings.push(Spanned { node, span });
        }
        settings
    }

    /// A month and a day, as written but for what stands between the two.
    fn leap_day(&self, pair: &Pair<'_>) -> Name {
        let words: Vec<&str> = crate::syntax::scan::Scanner::new(pair.as_str()).map(|word| word.text).collect();
        Spanned { node: words.join(" "), span: self.span(pair) }
    }

    fn fields(&mut self, pair: &Pair<'_>) -> Option<Vec<Field>> {
        inner(pair).filter(|part| part.as_rule() == Rule::field).map(|field| self.field(&field)).collect()
    }

    fn field(&mut self, pair: &Pair<'_>) -> Option<Field> {
        let mut parts = inner(pair);
        let name = self.name(&parts.next()?);
        let ty = self.type_name(&parts.next()?)?;
        let mut field =
            Field { name, ty, optional: false, pii: false, nocase: false, provenance: None, span: self.span(pair) };
        let mut said: Vec<(Rule, Span)> = Vec::new();
        for part in parts {
            let (rule, span) = (part.as_rule(), self.span(&part));
            match rule {
                Rule::optional => field.optional = true,
                Rule::nocase => field.nocase = true,
                Rule::provenance => field.provenance = Some(Spanned { node: self.provenance(&part)?, span }),
                _ => field.pii = true,
            }
            if let Some((_, first)) = said.iter().find(|(before, _)| *before == rule) {
                let words = if rule == Rule::provenance { "from" } else { part.as_str() };
                self.repeated(words, *first, span);
            }
            said.push((rule, span));
        }
        Some(field)
    }

    fn provenance(&mut self, pair: &Pair<'_>) -> Option<Provenance> {
        let from = child(pair, Rule::party)?.as_str().to_ascii_lowercase();
        let party = match from.split_whitespace().next_back() {
            Some("first_party") => Party::FirstParty,
            Some("second_party") => Party::SecondParty,
            _ => Party::ThirdParty,
        };
        let purpose = child(pair, Rule::for_purpose).and_then(|purpose| child(&purpose, Rule::word));
        let fresh = child(pair, Rule::fresh).and_then(|fresh| child(&fresh, Rule::quantity));
        Some(Provenance {
            party,
            source: child(pair, Rule::text).map(|source| self.text(&source)),
            purpose: purpose.map(|purpose| self.name(&purpose)),
            fresh: fresh.map(|fresh| self.duration(&fresh, "fresh")),
        })
    }

    fn type_name(&mut self, pair: &Pair<'_>) -> Option<TypeName> {
        let span = self.span(pair);
        let words = || inner(pair).filter(|part| part.as_rule() == Rule::word);
        let node = match pair.as_rule() {
            Rule::map_type => {
                let element = inner(pair).next_back()?;
                TypeKind::Map(Box::new(self.type_name(&element)?))
            }
            Rule::list_type => {
                let element = inner(pair).next_back()?;
                TypeKind::List(Box::new(self.type_name(&element)?))
            }
            Rule::struct_type => TypeKind::Struct(self.fields(pair)?),
            Rule::enum_type => TypeKind::Enum(words().map(|word| self.name(&word)).collect()),
            Rule::money_type => TypeKind::Money(self.name(&words().next()?)),
            Rule::id_type => TypeKind::Id { int: child(pair, Rule::kw_int).is_some() },
            _ => self.plain_type(pair),
        };
        Some(Spanned { node, span })
    }

    fn plain_type(&mut self, pair: &Pair<'_>) -> TypeKind {
        let word = pair.as_str().to_ascii_lowercase();
        match word.as_str() {
            "bool" => return TypeKind::Bool,
            "int" => return TypeKind::Int,
            "number" => return TypeKind::Number,
            "percent" => return TypeKind::Percent,
            "text" => return TypeKind::Text,
            "date" => return TypeKind::Date,
            "instant" => return TypeKind::Instant,
            "time" => return TypeKind::Time,
            "version" => return TypeKind::Version,
            "point" => return TypeKind::Point,
            "distance" => return TypeKind::Distance,
            "zone" => return TypeKind::Zone,
            _ => {}
        }
        let span = self.span(pair);
        let shown = super::cut(pair.as_str());
        let incomplete = match word.as_str() {
            "money" => Some("`money EUR`: an amount needs its currency"),
            "enum" => Some("`enum(red, green)`: an enum needs its values"),
            "list" => Some("`list<text>`: a list needs the type of its items"),
            "map" => Some("`map<text>`: a map needs the type of its values"),
            _ => None,
        };
        if let Some(help) = incomplete {
            self.fail(
                Diagnostic::error(Code::Syntax, span, format!("`{shown}` is not complete"))
                    .help(format!("write {help}")),
            );
            return TypeKind::Bool;
        }
        if LATER_TYPES.contains(&word.as_str()) {
            self.fail(Diagnostic::error(Code::Unsupported, span, format!("the type `{shown}` is not supported yet")));
            return TypeKind::Bool;
        }
        let diagnostic = Diagnostic::error(Code::UnknownName, span, format!("there is no type `{shown}`"));
        let near = match word.as_str() {
            "string" | "str" | "varchar" => Some("text"),
            "boolean" => Some("bool"),
            "integer" | "long" => Some("int"),
            "float" | "double" | "decimal" => Some("number"),
            "datetime" | "timestamp" => Some("instant"),
            other => nearest(other, TYPES),
        };
        self.fail(match near {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")).suggest(span, near),
            None => diagnostic.help(format!("a type is one of `{}`", TYPES.join("`, `"))),
        });
        TypeKind::Bool
    }

    fn score(&mut self, pair: &Pair<'_>, name: Name) -> Option<StatementKind> {
        let zone = self.zone(pair);
        let subject = self.only_expr(pair)?;
        let bands = inner(pair).filter(|part| part.as_rule() == Rule::band);
        let bands = bands.map(|band| self.band(&band)).collect::<Option<_>>()?;
        let otherwise = self.expr(&child(pair, Rule::arith)?)?;
        Some(StatementKind::Score { name, zone, subject, bands, otherwise })
    }

    fn band(&mut self, pair: &Pair<'_>) -> Option<Band> {
        let mut ends = inner(pair).filter(|part| part.as_rule() == Rule::arith);
        let (value, limit) = (ends.next()?, ends.next()?);
        let op = child(pair, Rule::band_op)?;
        if op.as_str() == "==" {
            self.report(repair::operator(self.span(&op), "==", "="));
        }
        let (value, limit) = (self.expr(&value)?, self.expr(&limit)?);
        Some(Band { value, op: compare_op(op.as_str()), limit, span: self.span(pair) })
    }

    fn group(&mut self, pair: &Pair<'_>) -> Option<StatementKind> {
        let mut names: Vec<Name> =
            inner(pair).filter(|part| part.as_rule() == Rule::name).map(|name| self.name(&name)).collect();
        let on = names.split_off(1.min(names.len()));
        let rows = inner(pair).filter(|part| part.as_rule() == Rule::group_row);
        let rows = rows.map(|row| self.group_row(&row)).collect::<Option<_>>()?;
        let otherwise = child(pair, Rule::group_else).and_then(|row| child(&row, Rule::name));
        let otherwise = otherwise.map(|name| self.name(&name));
        Some(StatementKind::Group { name: names.pop()?, on, rows, otherwise })
    }

    fn group_row(&mut self, pair: &Pair<'_>) -> Option<GroupRow> {
        let label = self.name(&child(pair, Rule::name)?);
        let cells = inner(pair).filter(|part| part.as_rule() == Rule::cell).map(|cell| self.cell(&cell)).collect();
        Some(GroupRow { label, cells, span: self.span(pair) })
    }

    fn stage_row(&mut self, pair: &Pair<'_>) -> Option<StageRow> {
        let name = self.name(&child(pair, Rule::name)?);
        let when = child(pair, Rule::expr).map(|when| self.expr(&when));
        Some(StageRow { name, when: when.map_or(Some(None), |when| when.map(Some))?, span: self.span(pair) })
    }

    fn cell(&mut self, pair: &Pair<'_>) -> Spanned<Cell> {
        let span = self.span(pair);
        let Some(range) = child(pair, Rule::range_cell) else { return Spanned { node: Cell::Any, span } };
        let mut ends = inner(&range).map(|end| self.int(&end).node).collect::<Vec<_>>().into_iter();
        let low = ends.next().unwrap_or(0);
        let high = ends.next().unwrap_or(low);
        if low > high {
            let mended = format!("{high}..{low}");
            self.report(
                Diagnostic::error(Code::ReversedBounds, span, "this range ends before it begins")
                    .help(format!("write `{mended}`"))
                    .suggest(span, mended),
            );
        }
        Spanned { node: Cell::Range(low, high), span }
    }

    fn channel(&mut self, pair: &Pair<'_>, name: Name) -> Option<StatementKind> {
        let outbound = child(pair, Rule::direction)?.as_str().eq_ignore_ascii_case("outbound");
        let direction = if outbound { Direction::Outbound } else { Direction::Inbound };
        let consent = child(pair, Rule::needs).and_then(|needs| {
            let mut words = inner(&needs).filter(|part| part.as_rule() == Rule::word);
            Some(ConsentPath { channel: self.name(&words.next()?), purpose: self.name(&words.next()?) })
        });
        let cost = match child(pair, Rule::channel_cost) {
            Some(cost) => Some(self.expr(&child(&cost, Rule::arith)?)?),
            None => None,
        };
        let slots = child(pair, Rule::slots).map(|slots| self.slots(&slots)).unwrap_or_default();
        Some(StatementKind::Channel { name, direction, consent, cost, slots })
    }

    fn slots(&mut self, pair: &Pair<'_>) -> Vec<SlotPlace> {
        let slots = inner(pair).filter(|part| part.as_rule() == Rule::slot);
        let slots = slots.filter_map(|slot| {
            let name = self.name(&child(&slot, Rule::name)?);
            Some(SlotPlace { name, capacity: self.int(&child(&slot, Rule::int)?), span: self.span(&slot) })
        });
        slots.collect()
    }
}
