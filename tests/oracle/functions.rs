//! Functions of the host that generated rules call.

use nextbest::{Currency, Datum, Function, Money, Type};

use super::value::Val;

/// What the host of generated rules has.
pub fn all() -> Vec<Function> {
    let euro = Type::Money(Currency::named("EUR").expect("a currency"));
    let near = Function::new("shortfall", [Type::Int, Type::Int], Type::Int, |given| match given {
        [Datum::Int(have), Datum::Int(want)] if have <= want => want.checked_sub(*have).map(Datum::Int),
        _ => None,
    });
    let tail = Function::new("tail", [Type::Text], Type::Text, |given| match given {
        [Datum::Text(text)] => text.char_indices().nth(1).map(|(at, _)| Datum::Text(&text[at..])),
        _ => None,
    });
    let fee = Function::new("fee", [euro.clone(), Type::Percent], euro, |given| match given {
        [Datum::Money(amount), Datum::Percent(share)] if *share > 0.0 => {
            Some(Datum::Money(Money::new(amount.minor / 2, amount.currency)))
        }
        _ => None,
    });
    vec![near.costing(7), tail, fee]
}

/// What one of them gives.
pub fn call(function: usize, given: &[Val]) -> Option<Val> {
    let function = &all()[function];
    let types = &function.signature().parameters;
    let given: Vec<Datum<'_>> = given.iter().zip(types).map(|(value, ty)| datum(value, ty)).collect();
    Some(match function.call(&given)? {
        Datum::Int(value) => Val::Int(value),
        Datum::Text(text) => Val::Text(text.to_owned()),
        Datum::Money(money) => Val::Money(money.minor),
        other => panic!("{other:?} is not given"),
    })
}

fn datum<'a>(value: &'a Val, ty: &Type) -> Datum<'a> {
    match (value, ty) {
        (Val::Int(value), _) => Datum::Int(*value),
        (Val::Text(text), _) => Datum::Text(text),
        (Val::Number(value), Type::Percent) => Datum::Percent(*value),
        (Val::Money(minor), Type::Money(currency)) => Datum::Money(Money::new(*minor, *currency)),
        (value, ty) => panic!("{value} is no {ty}"),
    }
}
