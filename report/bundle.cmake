# Makes OUT, the script of reports, from WEB with NPM; an empty OUT and a line that says so when that fails.
# SPDX-License-Identifier: Apache-2.0
function(give_up why)
  message(STATUS "reports without interactive charts: ${why}")
  file(WRITE ${OUT} "")
endfunction()

if(NOT NPM)
  give_up("npm was not found")
  return()
endif()
file(MAKE_DIRECTORY ${WORK})
file(COPY ${WEB}/package.json ${WEB}/package-lock.json ${WEB}/src DESTINATION ${WORK})
execute_process(
  COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=1 --fetch-timeout=60000
  WORKING_DIRECTORY ${WORK} RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said TIMEOUT 300)
if(failed)
  give_up("npm ci failed; build again once the network is there (remove ${OUT})")
  return()
endif()
execute_process(
  COMMAND ${WORK}/node_modules/.bin/esbuild src/main.js --bundle --minify --format=iife --target=es2020
    --legal-comments=inline --charset=ascii --log-level=warning --outfile=${OUT}
  WORKING_DIRECTORY ${WORK} RESULT_VARIABLE failed ERROR_VARIABLE said)
if(failed)
  file(REMOVE ${OUT})
  message(FATAL_ERROR "the charts of reports do not build:\n${said}")
endif()
# No text inside the script may end the element that holds it.
file(READ ${OUT} text)
string(REPLACE "</script" "<\\/script" text "${text}")
file(WRITE ${OUT} "${text}")
