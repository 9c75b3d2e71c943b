//! Definitions: lets, scores, groups and the segments that use them.

use nextbest::{Instant, Zone};

use super::Rng;
use super::condition::Condition;
use super::world::{CURRENCIES, Ty, World, ZONES, zone};
use super::write::{Known, Writer, asks};
use super::{Body, Definition, Size};

/// The stages of a customer.
const STAGES: &[&str] = &["aware", "keen", "owner"];

/// The rows that a group may name.
const GROUPS: &[&str] = &["gold", "silver", "bronze", "rest"];

pub fn any(rng: &mut Rng, world: &World, now: Instant, size: Size) -> Vec<Definition> {
    let mut made: Vec<Definition> = Vec::new();
    let mut writer = Writer {
        world,
        rng,
        now,
        zone: world.zone,
        values: Vec::new(),
        segments: Vec::new(),
        ranked: Vec::new(),
        row: None,
        named: Vec::new(),
        aliases: 0,
    };
    for _ in 0..2 {
        let_value(&mut writer, &mut made);
    }
    let mut scores: Vec<String> = (0..2).map(|_| score(&mut writer, &mut made)).collect();
    if writer.rng.percent(40)
        && let Some(by) = writer.metric(2)
    {
        let function = writer.rng.pick(&["quantile", "ntile", "cume_dist"]);
        scores[0] = add(&mut writer, &mut made, Body::Other { keyword: "let", text: format!("= {function}({by}, 3)") });
    }
    group(&mut writer, &mut made, &scores);
    stages(&mut writer, &mut made);
    for _ in 0..size.segments {
        let depth = match writer.rng.below(4) {
            0 => size.depth,
            1 => 0,
            _ => 1 + writer.rng.below(3) as u32,
        };
        let condition = writer.condition(depth);
        let name = add(&mut writer, &mut made, Body::Segment(condition));
        writer.segments.push(name);
        if writer.rng.percent(15) {
            let_value(&mut writer, &mut made);
        }
    }
    // Being definitely in the negation of a segment is how membership shows that something is false, not unknown.
    for segment in writer.segments.clone() {
        let negation = Condition::Leaf(format!("in segment {segment}")).negated();
        add(&mut writer, &mut made, Body::Segment(negation));
    }
    program(&mut writer, &mut made);
    made
}

/// Clauses of a program, which may ask what came of its own contacts.
fn program(writer: &mut Writer<'_>, made: &mut Vec<Definition>) {
    let actions: Vec<String> = ["gift", "other"]
        .iter()
        .map(|action| {
            let own = writer.rng.pick(&["", "none(exposed(gift) within 3 days) and ", "any(sent(other)) or "]);
            let condition = Condition::Leaf(format!("({})", writer.condition(2)));
            let stages = writer.rng.pick(&["", " only in stage keen, owner"]);
            format!("service {action} {{ basis contract applicable when {own}{condition}{stages} treat email \"x\" }}")
        })
        .collect();
    let text = format!("{{ campaign own for everyone {} {{ {} }} }}", header(writer), actions.join(" "));
    let name = add(writer, made, Body::Other { keyword: "program", text });
    let text = policy(writer, &name);
    add(writer, made, Body::Other { keyword: "policy", text });
}

/// How customers enter a campaign, and how their entries end.
fn header(writer: &mut Writer<'_>) -> String {
    let again =
        writer.rng.pick(&["once", "every", "again after 3 days since exposed", "again after 1 month since converted"]);
    let kind = writer.world.events[0].name.clone();
    match writer.rng.below(3) {
        0 => again.to_owned(),
        1 => format!("{again} goal {kind} within 3 days exit on clicked(gift)"),
        _ => format!("{again} goal ({kind} where month(at) = 3) within 36 hours"),
    }
}

/// A policy with a line of each sort, of which some are left out.
fn policy(writer: &mut Writer<'_>, program: &str) -> String {
    let condition = Condition::Leaf(format!("({})", writer.condition(2)));
    let lines = [
        format!("cap offer of action {program}.own.gift on email at most 2 in any 3 days"),
        "cap message on any never".to_owned(),
        format!("cap marketing of program {program} on any at most 1 per calendar week in zone \"Europe/Paris\""),
        "quiet 21:00 to 09:00 on email else wait".to_owned(),
        "quiet 12:00 to 13:30 in zone \"UTC\" on any else drop".to_owned(),
        "rest each campaign 3 days after 2 rejects within 1 week without click".to_owned(),
        format!("block marketing while {condition} because \"not now\""),
    ];
    let kept: Vec<String> = lines.into_iter().filter(|_| writer.rng.percent(50)).collect();
    format!("{{ {} }}", kept.join(" "))
}

/// Adds a definition and says what it is called. Names are unlike everything else in the text.
fn add(writer: &mut Writer<'_>, made: &mut Vec<Definition>, body: Body) -> String {
    let name = format!("def_{}_", made.len());
    // Groups, programs and policies have no zone of their own.
    let unzoned = matches!(body, Body::Other { keyword: "group" | "program" | "policy", .. });
    let zone = if unzoned { None } else { some_zone(writer.rng) };
    let text = match &body {
        Body::Segment(condition) => condition.to_string(),
        Body::Other { text, .. } => text.clone(),
    };
    if asks(&text) || writer.ranked.iter().any(|name| text.contains(name.as_str())) {
        writer.ranked.push(name.clone());
    }
    made.push(Definition { name: name.clone(), zone, body });
    name
}

fn some_zone(rng: &mut Rng) -> Option<Zone> {
    rng.percent(25).then(|| zone(rng.pick(&ZONES)))
}

fn let_value(writer: &mut Writer<'_>, made: &mut Vec<Definition>) {
    let more = [Ty::Time, Ty::Version, Ty::Point, Ty::Distance];
    let money = Ty::Money(writer.rng.pick(&CURRENCIES));
    let types = [Ty::Int, Ty::Int, Ty::Number, Ty::Bool, Ty::Instant, Ty::Date, money, writer.rng.pick(&more)];
    let ty = writer.rng.pick(&types);
    let text = match ty {
        Ty::Bool => format!("= {}", writer.condition(2)),
        ty => format!("= {}", writer.expr(ty, 2)),
    };
    let name = add(writer, made, Body::Other { keyword: "let", text });
    writer.values.push(Known { name, ty });
}

fn score(writer: &mut Writer<'_>, made: &mut Vec<Definition>) -> String {
    let text = match writer.rng.below(3) {
        0 => {
            let kind = &writer.world.events[0].name;
            format!("on time since last({kind}) {{ 3 if <= 30 days, 2 if <= 90 days, else 1 }}")
        }
        1 => {
            let subject = writer.expr(Ty::Int, 2);
            format!("on {subject} {{ 3 if >= 6, 2 if >= 2, else 1 }}")
        }
        _ => {
            let ty = writer.rng.pick(&[Ty::Int, Ty::Number, Ty::Money("EUR"), Ty::Money("USD")]);
            let subject = writer.expr(ty, 2);
            let (low, high) = (writer.literal(ty), writer.literal(ty));
            format!("on {subject} {{ 3 if = {low}, 1 if > {high}, 2 if < {low} else 4 }}")
        }
    };
    let name = add(writer, made, Body::Other { keyword: "score", text });
    writer.values.push(Known { name: name.clone(), ty: Ty::Int });
    name
}

fn stages(writer: &mut Writer<'_>, made: &mut Vec<Definition>) {
    let mut rows = String::new();
    for (number, stage) in STAGES.iter().enumerate() {
        let condition = match number {
            0 if writer.rng.percent(50) => String::new(),
            _ => format!(" when {}", Condition::Leaf(format!("({})", writer.condition(1)))),
        };
        rows += &format!(" {stage}{condition}");
    }
    let name = add(writer, made, Body::Other { keyword: "stages", text: format!("{{{rows} }}") });
    writer.values.push(Known { name, ty: Ty::Enum(STAGES) });
}

fn group(writer: &mut Writer<'_>, made: &mut Vec<Definition>, scores: &[String]) {
    let otherwise = if writer.rng.percent(70) { " else rest" } else { " rest if any, any" };
    let text =
        format!("on ({}) {{ gold if 3, 2..3 silver if 2..3, any bronze if any, 1{otherwise} }}", scores.join(", "));
    let name = add(writer, made, Body::Other { keyword: "group", text });
    writer.values.push(Known { name, ty: Ty::Enum(GROUPS) });
}
