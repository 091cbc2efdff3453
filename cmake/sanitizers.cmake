# Without vptr: its check opens a pipe, so it reports wrongly when descriptors run out, which is tested.
if(LINEBRIDGE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
# Only the programs of tests/fuzz are linked with libFuzzer; everything they are made of counts what it runs through.
if(LINEBRIDGE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
