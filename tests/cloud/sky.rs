//! The weather of a test's account.

use super::{Cloud, Forecast, Weather, launcher};

impl Cloud {
    /// Adds some weather; the first rule that fits and strikes is taken. The test's own calls go past it.
    pub fn weather(&self, weather: Weather) {
        self.change_forecast(|forecast| forecast.weather.push(weather));
    }

    /// Draws the lots of `odds` from this seed.
    pub fn seed(&self, seed: u64) {
        self.change_forecast(|forecast| forecast.seed = seed);
    }

    /// Takes all weather away.
    pub fn clear_up(&self) {
        self.change_forecast(|forecast| *forecast = Forecast::default());
    }

    /// Exchanges all weather and the plan, for instance for what a file says.
    pub fn forecast(&self, wanted: Forecast) {
        self.change_plan(|plan| plan.clone_from(&wanted.plan));
        self.change_forecast(|forecast| *forecast = wanted);
    }

    fn change_forecast(&self, change: impl FnOnce(&mut Forecast)) {
        let mut forecast = self.forecast.lock().expect("no test panicked while it changed the weather");
        change(&mut forecast);
        launcher::proxy().set(self.account(), &forecast).unwrap_or_else(|wrong| panic!("the weather: {wrong}"));
    }
}
