;;; Opens $FILE, and prints the problems that Flymake shows as JSON.  -*- lexical-binding: t -*-

(require 'json)
(setq enable-local-variables :all
      eglot-sync-connect t
      flymake-no-changes-timeout 0.1)
(find-file (getenv "FILE"))
(run-hooks 'post-command-hook)          ; where `eglot-ensure' starts the server
(require 'flymake)
(require 'eglot)

(defun wait-for (what condition)
  "Wait until CONDITION holds; WHAT is for the message."
  (let ((end (time-add nil 90)))
    (while (not (funcall condition))
      (when (time-less-p end nil) (error "Waited too long for %s" what))
      (accept-process-output nil 0.05))))

(wait-for "the server" #'eglot-current-server)
(unless flymake-mode (flymake-mode 1))
(flymake-start)
(wait-for "diagnostics" #'flymake-diagnostics)
(princ
 (json-encode
  (vconcat
   (mapcar (lambda (one)
             `((message . ,(flymake-diagnostic-text one))
               (line . ,(line-number-at-pos (flymake-diagnostic-beg one)))))
           (flymake-diagnostics)))))
(eglot-shutdown (eglot-current-server))
