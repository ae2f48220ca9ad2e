# Read by scripts/package: turns what `swift build` has compiled into programs that need glibc, libstdc++ and libtorch of
# the machine they run on, and nothing else.
#
#   $package/bin/cytoself, cytoself-engine
#   $package/lib/torch-MINOR/libCTorch.so  the interface to libtorch, compiled with the headers of that minor version
#   $package/lib/*.so                     Swift's runtime and the few libraries that Debian has only as shared ones
#
# Swift's runtime is shared, so that two programs carry it once. What these functions read (products, package,
# machine, torch, cache) scripts/package sets.
# shellcheck shell=bash
# shellcheck disable=SC2154

# Libraries that every Linux with a torch has.
readonly given='libc.so.6 libm.so.6 libpthread.so.0 libdl.so.2 librt.so.1 libresolv.so.2
  ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 libstdc++.so.6 libgcc_s.so.1'

# Static libraries of Debian: of igraph, OpenCV and HDF5 only what is called comes along, and nothing of the web,
# windows and mathematical programming that their shared libraries load.
readonly archives='libigraph libtiff libpng16 libhdf5_serial libopencv_imgproc libopencv_core libfaiss liblapack libblas
  libwebp libjpeg libzstd liblzma libjbig libLerc libdeflate libsz libaec libz'

# What is called by functions of those libraries that we never enter: OpenCV's windows, igraph's eigenvectors.
readonly unreached='glXGetProcAddressARB dsaupd_ dseupd_ dnaupd_ dneupd_ dsortr_ dsortc_'

swift_runtime=$(dirname -- "$(readlink -f "$(command -v swift)")")/../lib/swift/linux
system_libraries=/usr/lib/$machine-linux-gnu
readonly swift_runtime system_libraries

# The names of the libraries that files load, from what readelf says of them.
needed() { sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u; }

# system_library NAME: the path of a shared library of the system.
system_library() { ldconfig -p | awk -v name="$1" '$1 == name && !found { print $NF; found = 1 }'; }

# torch_headers MINOR: prints the folder of torch's headers and libraries of that minor version, which pip
# brings unless it is the one of scripts/setup.
torch_headers() {
  local folder=$cache/torch-$1
  if [[ $1 == "$torch" ]]; then
    printf '.libtorch'
    return
  fi
  if [[ ! -d $folder ]]; then
    rm -rf "$folder.new" && mkdir -p "$folder.new"
    python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$folder.new" "torch==$1.*"
    python3 - "$folder.new" <<'PYTHON'
import glob, re, sys, zipfile
folder = sys.argv[1]
wheel, = glob.glob(folder + "/*.whl")
with zipfile.ZipFile(wheel) as file:
    for name in file.namelist():
        if re.match(r"torch/(include/|lib/lib(torch_cpu|c10)\.so)", name):
            file.extract(name, folder)
PYTHON
    rm -f "$folder.new"/*.whl
    mv "$folder.new" "$folder"
  fi
  printf '%s/torch' "$folder"
}

# torch_interface MINOR: compiles libCTorch.so with the headers of that minor version, unless nothing has changed.
torch_interface() {
  local headers folder=$cache/interface-$1 stamp
  local flags='-O2 -fPIC -fno-omit-frame-pointer -Wall -Wextra -Werror'
  # Its library exports overloads of templates under the names of GCC, which newer clang writes otherwise.
  [[ $1 != 2.11 ]] || flags+=' -fclang-abi-compat=17'
  headers=$(torch_headers "$1")
  stamp=$(printf '%s\n' "$flags" && find Sources/CTorch Sources/CInstructionSet -type f -print0 | sort -z | xargs -0 cksum)
  if [[ ! -f $folder/stamp || $(<"$folder/stamp") != "$stamp" ]]; then
    rm -rf "$folder" && mkdir -p "$folder"
    # shellcheck disable=SC2016 # for the inner shell
    find Sources/CTorch Sources/CInstructionSet -name '*.c' -o -name '*.cpp' |
      HEADERS=$headers FOLDER=$folder FLAGS=$flags xargs -P "$(nproc)" -I '{}' bash -c '
        [[ $1 != *.cpp ]] || standard=(-std=c++20)
        clang $FLAGS "${standard[@]}" \
          -ISources/CTorch/include -ISources/CInstructionSet/include -isystem"$HEADERS/include" \
          -isystem"$HEADERS/include/torch/csrc/api/include" -c "$1" -o "$FOLDER/$(basename -- "$1").o"' - '{}'
    printf '{ global: ct_*; local: *; };\n' >"$folder/visible"
    # Every symbol must be in this libtorch; what its own libraries need (CUDA's) need not be here.
    clang++ -shared -fuse-ld=lld -o "$folder/libCTorch.so" -Wl,-soname,libCTorch.so "$folder"/*.o \
      -L"$headers/lib" -ltorch_cpu -lc10 -Wl,--version-script,"$folder/visible" \
      -Wl,--gc-sections,-z,defs,--allow-shlib-undefined,-s "-Wl,-rpath,\$ORIGIN:\$ORIGIN/../../../torch/lib"
    printf '%s' "$stamp" >"$folder/stamp"
  fi
  install -D -m 644 "$folder/libCTorch.so" "$package/lib/torch-$1/libCTorch.so"
}

# link_program NAME: links the program from the objects of the ordinary build, with static libraries.
link_program() {
  local name
  local -a options=()
  # Those of torch's interface lie in its own library.
  grep -v '/CTorch\.build/' "$products/$1.product/Objects.LinkFileList" >"$cache/$1.objects"
  for name in $unreached; do options+=(-Xlinker "--defsym=$name=cytoself_unreached"); done
  options+=(-Xlinker --start-group)
  for name in $archives; do options+=("$system_libraries/$name.a"); done
  options+=(-Xlinker --end-group "$system_libraries/libtbb.so" "$system_libraries/libgfortran.so.5" -lgomp -lstdc++)
  [[ $1 != cytoself-engine ]] || options+=("-L$package/lib/torch-$torch" -lCTorch)
  printf 'void abort(void);\nvoid cytoself_unreached(void) { abort(); }\n' |
    clang -x c -O2 -fPIC -c -o "$cache/unreached.o" -
  swiftc -emit-executable -use-ld=lld -o "$package/bin/$1" "@$cache/$1.objects" "$cache/unreached.o" "${options[@]}" \
    -no-toolchain-stdlib-rpath -Xlinker --allow-shlib-undefined -Xlinker --exclude-libs=ALL \
    -Xlinker --as-needed -Xlinker --gc-sections -Xlinker -z -Xlinker nostart-stop-gc -Xlinker -s \
    -Xlinker --defsym -Xlinker "main=${1//-/_}_main" \
    -Xlinker -rpath -Xlinker "\$ORIGIN/../lib" -Xlinker -rpath -Xlinker "\$ORIGIN/../lib/torch-$torch"
}

# Copies the libraries that are still missing into lib, until every one finds what it loads there.
fill_libraries() {
  local name path found=1
  while ((found)); do
    found=0
    for name in $(find "$package/bin" "$package/lib" -type f -exec readelf -d {} + | needed); do
      if [[ " $(tr '\n' ' ' <<<"$given") " == *" $name "* || $name =~ ^lib(CTorch|torch_cpu|c10)\.so$ || -e $package/lib/$name ]]; then
        continue
      fi
      found=1
      path=$swift_runtime/$name
      [[ -e $path ]] || path=$(system_library "$name")
      if [[ $name == lib_FoundationICU.so ]]; then
        python3 python/trim_icu.py "$path" "$package/lib/$name.whole"
        path=$package/lib/$name.whole
      fi
      strip -o "$package/lib/$name" "$path"
      rm -f "$package/lib/$name.whole"
      # shellcheck disable=SC2016
      tool patchelf --set-rpath '$ORIGIN' "$package/lib/$name"
      chmod 644 "$package/lib/$name"
    done
  done
}

# The newest version of glibc that a file asks for, as 2_35.
glibc_floor() {
  find "$package" -type f \( -path '*/bin/*' -o -name '*.so*' \) -exec readelf -V {} + |
    grep -oE 'GLIBC_2\.[0-9]+' | sort -Vu | tail -n 1 | sed 's/GLIBC_//; s/\./_/'
}
