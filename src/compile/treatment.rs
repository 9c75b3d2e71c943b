//! Treatments, ready to be used: for whom, in which language, filled with what.

use super::evaluator::shown;
use super::link::Linker;
use super::lowering::Lowering;
use crate::check::personal;
use crate::check::tree::{Content, Expr, Rules, Showplace, Treatment as Checked};
use crate::diagnostic::Span;
use crate::leaf::plan::{Class, Plan, Value as PlanValue};
use crate::leaf::{Cx, Test, ValueGetter};
use crate::schema::{Type, Value};

/// A value, lowered.
type FilledPlan = Filled<Plan, (PlanValue, Class)>;

/// A treatment, lowered.
pub(super) struct TreatmentPlan {
    when: Option<Plan>,
    language: Option<FilledPlan>,
    /// Each with what stands in for it.
    parameters: Vec<(FilledPlan, Option<FilledPlan>)>,
}

/// How a value is read: a condition by both of its definite answers.
enum Filled<T, V> {
    Condition([T; 2]),
    Value(V),
}

/// How an action is shown.
pub(crate) struct Treatment<P> {
    pub place: Showplace,
    pub content: Content,
    /// Used where definitely true.
    pub when: Option<(Test<P>, Span)>,
    languages: Option<(Reader<P>, Vec<String>)>,
    pub parameters: Vec<Parameter<P>>,
}

/// What a content is filled with.
pub(crate) struct Parameter<P> {
    pub name: String,
    value: Reader<P>,
    otherwise: Option<Reader<P>>,
    /// Whether it shows personal data.
    pub personal: bool,
    pub span: Span,
}

/// Reads a value of a type.
struct Reader<P> {
    ty: Type,
    read: Filled<Test<P>, ValueGetter<P>>,
}

pub(super) fn lower(lowering: &mut Lowering<'_>, treatment: &Checked) -> TreatmentPlan {
    let mut filled = |expr: &Expr| match expr.ty {
        Type::Bool => Filled::Condition([true, false].map(|want| lowering.condition(expr, want, None))),
        _ => Filled::Value((lowering.value(expr, None), expr.ty.class())),
    };
    let language = treatment.languages.as_ref().map(|languages| filled(&languages.own));
    let parameters = treatment.parameters.iter().map(|p| (filled(&p.value), p.otherwise.as_ref().map(&mut filled)));
    let parameters = parameters.collect();
    let when = treatment.when.as_ref().map(|when| lowering.condition(when, true, None));
    TreatmentPlan { when, language, parameters }
}

impl TreatmentPlan {
    fn filled(&self) -> impl Iterator<Item = &FilledPlan> {
        self.language
            .iter()
            .chain(self.parameters.iter().flat_map(|(value, other)| std::iter::once(value).chain(other)))
    }

    pub fn conditions(&self) -> impl Iterator<Item = &Plan> {
        let filled = self.filled().filter_map(|filled| match filled {
            Filled::Condition(plans) => Some(plans),
            Filled::Value(_) => None,
        });
        self.when.iter().chain(filled.flatten())
    }

    pub fn conditions_mut(&mut self) -> impl Iterator<Item = &mut Plan> {
        let parameters = self.parameters.iter_mut().flat_map(|(value, other)| std::iter::once(value).chain(other));
        let filled = self.language.iter_mut().chain(parameters).filter_map(|filled| match filled {
            Filled::Condition(plans) => Some(plans),
            Filled::Value(_) => None,
        });
        self.when.iter_mut().chain(filled.flatten())
    }

    pub fn values(&self) -> impl Iterator<Item = &PlanValue> {
        self.filled().filter_map(|filled| match filled {
            Filled::Value((value, _)) => Some(value),
            Filled::Condition(_) => None,
        })
    }

    pub fn link<P: 'static>(self, linker: &Linker<'_, P>, rules: &Rules, treatment: &Checked) -> Treatment<P> {
        let reader = |filled: &FilledPlan, expr: &Expr| Reader {
            ty: expr.ty.clone(),
            read: match filled {
                Filled::Condition(plans) => Filled::Condition(plans.each_ref().map(|plan| linker.test(plan))),
                Filled::Value((value, class)) => Filled::Value(linker.getter(value, *class)),
            },
        };
        let parameters =
            self.parameters.iter().zip(&treatment.parameters).map(|((value, otherwise), checked)| Parameter {
                name: checked.name.clone(),
                value: reader(value, &checked.value),
                otherwise: otherwise.as_ref().zip(checked.otherwise.as_ref()).map(|(plan, expr)| reader(plan, expr)),
                personal: std::iter::once(&checked.value).chain(&checked.otherwise).any(|e| personal::reads(rules, e)),
                span: checked.span,
            });
        let language = self.language.as_ref().zip(treatment.languages.as_ref());
        Treatment {
            place: treatment.place,
            content: treatment.content.clone(),
            when: self.when.as_ref().zip(treatment.when.as_ref()).map(|(plan, when)| (linker.test(plan), when.span)),
            languages: language.map(|(own, languages)| (reader(own, &languages.own), languages.names.clone())),
            parameters: parameters.collect(),
        }
    }
}

impl<P> Treatment<P> {
    /// The customer's own language, where the content is written in it, else the first.
    pub fn language(&self, p: &P, cx: &Cx<'_>) -> Option<&str> {
        let (own, names) = self.languages.as_ref()?;
        let own = own.value(p, cx);
        let spoken = names.iter().find(|name| matches!(&own, Some(Value::Text(own)) if own == *name));
        spoken.or(names.first()).map(String::as_str)
    }
}

impl<P> Parameter<P> {
    /// Whether there is a value to fill the content with.
    pub fn is_known(&self, p: &P, cx: &Cx<'_>) -> bool {
        self.value.is_known(p, cx) || self.otherwise.as_ref().is_some_and(|other| other.is_known(p, cx))
    }

    /// The value; `None` where it is missing, and so is what stands in for it.
    pub fn value(&self, p: &P, cx: &Cx<'_>) -> Option<Value> {
        self.value.value(p, cx).or_else(|| self.otherwise.as_ref().and_then(|other| other.value(p, cx)))
    }
}

impl<P> Reader<P> {
    fn is_known(&self, p: &P, cx: &Cx<'_>) -> bool {
        match &self.read {
            Filled::Condition(tests) => tests.iter().any(|test| test(p, cx)),
            Filled::Value(ValueGetter::Word(get)) => get(p, cx).is_some(),
            Filled::Value(ValueGetter::Float(get)) => get(p, cx).is_some(),
            Filled::Value(ValueGetter::Text(get)) => get.read(p, cx).is_some(),
        }
    }

    fn value(&self, p: &P, cx: &Cx<'_>) -> Option<Value> {
        match &self.read {
            Filled::Condition([yes, no]) => {
                let holds = yes(p, cx);
                (holds || no(p, cx)).then_some(Value::Bool(holds))
            }
            Filled::Value(ValueGetter::Word(get)) => shown(&self.ty, get(p, cx)?),
            Filled::Value(ValueGetter::Float(get)) => shown(&self.ty, get(p, cx)?.to_bits() as i64),
            Filled::Value(ValueGetter::Text(get)) => get.read(p, cx).map(|text| Value::Text(text.to_owned())),
        }
    }
}
