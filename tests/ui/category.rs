use nextbest::*;

#[derive(Clone, Copy, Category)]
enum Plan {
    Flat,
    Metered(u32),
    Shared { with: u32 },
}

#[derive(Clone, Copy, Category)]
enum Colour {
    Red,
    #[category(rename = "red")]
    Rouge,
    #[category(rename = "")]
    Blank,
    #[category(name = "blue")]
    Blue,
}

#[derive(Clone, Copy, Category)]
#[category(rename_all = "CamelCase")]
enum Size {
    Small,
}

fn main() {}
