import CytoselfTraining
import Testing
import TorchTestSupport

@Suite(.leavesNoTensor) struct ScheduleTests {
  @Test func rateIsReducedAfterPatienceRunsOut() {
    var schedule = PlateauSchedule(rate: 1e-2, patience: 2, factor: 0.1, floor: 1e-8)
    let improvements = [true, false, false, false, false, true]
    var rates: [Double] = []
    for improved in improvements {
      _ = schedule.record(improved: improved)
      rates.append(schedule.rate)
    }
    let expected = [1e-2, 1e-2, 1e-3, 1e-3, 1e-4, 1e-4]
    #expect(zip(rates, expected).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test func improvementResetsTheCount() {
    // Upstream's count stays at 1 over the improvement, and would reduce the rate at the end.
    var schedule = PlateauSchedule(rate: 1, patience: 2, factor: 0.5, floor: 0)
    let reduced = [false, true, false].map { schedule.record(improved: $0) }
    #expect(reduced == [false, false, false])
    #expect(schedule.rate == 1)
    let isReduced = schedule.record(improved: false)
    #expect(isReduced)
    #expect(schedule.rate == 0.5)
  }

  @Test func cosineRisesAndFalls() {
    let schedule = CosineSchedule(rate: 2, steps: 100, warmUp: 0.1, floor: 1e-3)
    #expect(abs(schedule.rate(step: 0) - 0.2) < 1e-12)
    #expect(abs(schedule.rate(step: 4) - 1) < 1e-12)
    #expect(schedule.rate(step: 10) == 2)
    #expect(abs(schedule.rate(step: 55) - 1) < 1e-12)
    #expect(schedule.rate(step: 100) == 1e-3)
    #expect(schedule.rate(step: 1000) == 1e-3, "a run that is made longer does not rise again")
    let rates = (10..<100).map(schedule.rate)
    #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test func stepsDecideTheEpochsWhereNoneAreGiven() {
    var training = TrainingSection()
    training.epochs = 0
    training.steps = 100
    #expect(training.plannedEpochs(batches: 7) == 15)
    #expect(training.plannedEpochs(batches: 1000) == 10)
    training.accumulation = 2
    #expect(training.plannedEpochs(batches: 7) == 25)
    training.epochs = 3
    #expect(training.plannedEpochs(batches: 7) == 3)
  }

  @Test func rateStopsAtTheFloor() {
    var schedule = PlateauSchedule(rate: 1e-8, patience: 1, factor: 0.1, floor: 5e-9)
    let reduced = [false, false].map { schedule.record(improved: $0) }
    #expect(reduced == [true, false])
    #expect(schedule.rate == 5e-9)
  }

  @Test func stopComesAfterPatienceWithoutImprovement() {
    var stop = EarlyStop(patience: 3)
    let losses = [5.0, 4, 4.5, 4, 3, 3.5, 3.5, 3.5]
    let table = losses.enumerated().map { epoch, loss in
      let improved = stop.record(loss: loss, epoch: epoch + 1)
      return (improved, stop.shouldStop)
    }
    #expect(table.map(\.0) == [true, true, false, false, true, false, false, false])
    #expect(table.map(\.1) == [false, false, false, false, false, false, false, true])
    #expect(stop.best == .init(loss: 3, epoch: 5))
  }

  @Test func lossThatIsNoNumberIsNeverTheBest() {
    var stop = EarlyStop(patience: 0)
    let improved = [Double.nan, .infinity].map { stop.record(loss: $0, epoch: 1) }
    #expect(improved == [false, false])
    #expect(stop.best == nil)
    #expect(!stop.shouldStop)
    let finite = stop.record(loss: 1e9, epoch: 2)
    #expect(finite)
  }
}

extension EarlyStop.Best {
  init(loss: Double, epoch: Int) {
    var stop = EarlyStop(patience: 1)
    _ = stop.record(loss: loss, epoch: epoch)
    guard let best = stop.best else { preconditionFailure("A finite loss is the first best.") }
    self = best
  }
}
