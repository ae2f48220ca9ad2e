import CTorch

/// What holds for all of libtorch in this process: version, threads, memory.
public enum Runtime {
  /// The version of the libtorch that runs, such as `2.13.0`.
  public static var version: String { String(cString: ct_version()) }

  /// The minor version of libtorch whose headers this program was compiled with, such as `2.13`.
  ///
  /// Interfaces in C++ change between minor versions, so ``version`` must be one of it.
  public static var builtFor: String { String(cString: ct_built_for()) }

  /// The number of threads one operation may use.
  public static var threads: Int { Int(ct_threads()) }

  /// Sets the number of threads one operation may use.
  ///
  /// Results of training depend on it in the last bits, because sums are split differently.
  ///
  /// - Parameter threads: At least 1.
  /// - Throws: ``TorchError``.
  public static func setThreads(_ threads: Int) throws(TorchError) {
    precondition(threads >= 1, "At least one thread is needed.")
    try checked { ct_set_threads(Int32(threads), &$0) }
  }

  /// The instruction set that libtorch's own kernels use, such as `AVX2`.
  public static var cpuCapability: String { String(cString: ct_cpu_capability()) }

  /// Whether the kernels of this project run where they are faster than libtorch's, or libtorch's
  /// alone.
  ///
  /// They do from the start, unless the environment variable `CYTOSELF_PLAIN` is set. Set this before
  /// work begins: it holds for all threads. Results differ in the last bits.
  public static var usesKernels: Bool {
    get { ct_kernels() != 0 }
    set { ct_set_kernels(newValue ? 1 : 0) }
  }

  /// Whether oneDNN convolutions are built in.
  public static var hasOneDNN: Bool { ct_has_mkldnn() != 0 }

  /// Keeps large CPU blocks for reuse instead of returning each to the system.
  ///
  /// Call once, before the first tensor is made. Without it every large result costs a page fault
  /// for each of its pages, a sixth of a training step.
  public static func installCachingAllocator() {
    ct_install_caching_allocator()
  }

  /// Makes convolutions on an accelerator sum in a fixed order, for all of the process.
  ///
  /// Gradients of bilinear resizing and of look-ups in tables still add up in the order in which they
  /// come, so results on an accelerator repeat but for the last bits. On the CPU every operation used
  /// here has a fixed order for a number of threads.
  public static func useDeterministicConvolutions() {
    ct_set_deterministic(1)
  }
}
